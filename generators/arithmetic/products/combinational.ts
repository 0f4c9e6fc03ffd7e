import type { ModuleBuilder } from '../../../hdl/index.js';
import type { Multiplier } from '../multiplier.js';
import type { ProductStarter } from './running-product.js';

/** A multiplier without registers that takes all steps of a product at once. The instances of a module's products are told apart by a number. */
export function multiplierOf(m: ModuleBuilder, start: ProductStarter): Multiplier {
  let products = 0;
  return (a, b) => {
    if (a.constant !== undefined || b.constant !== undefined) return a.mul(b);
    const running = start(m, `product_${products}`, a, b);
    products++;
    while (running.left > 0) running.step();
    return running.product;
  };
}
