export { HdlError, type HdlIssue } from './error.js';
export {
  Bits, Bool, Enum, Int, cat, int, literalBits, literalBool, literalEnum, narrowTo, select, sum,
  type BoolLike, type Expression, type IntLike, type Rounding,
} from './expression.js';
export { driverExpressions, isSignal } from './check.js';
export { Domain, type Fsm } from './domain.js';
export { Evaluator, evaluate, type EvaluatedValue, type EvaluatorOptions, type PortValue } from './evaluator.js';
export {
  blackbox, clock, elaborate, elaborateAny, generator, input, output,
  type AnyGenerator, type Design, type Generator, type PortDeclaration, type Ports,
} from './generator.js';
export { contains, widthOf, type Interval } from './interval.js';
export { Memory } from './memory.js';
export { nearest } from './nearest.js';
export { ModuleBuilder, type Module, type StreamPorts, type Timing } from './module.js';
export {
  describeParameters, p, type ParameterInfo, type ParameterInput, type ParameterRecord, type ParametersOf,
  type ParameterSchema, type ParameterValue,
} from './parameter.js';
export { placesOf, visit, type Place, type Vertex } from './places.js';
export { saysPlacesOfCallers } from './site.js';
export type { Block, Choose, RegisterDetail, Signal } from './signal.js';
export type { Target, TargetOf, Variable, VariableOf } from './target.js';
export {
  bits, bool, bundle, enumeration, intType, range, s, typeText, u, vec,
  type BitsType, type BoolType, type BundleType, type EnumType, type IntType, type ScalarType, type Type, type VecType,
} from './type.js';
export { Clock, Vec, type Like, type Of } from './value.js';
export { manifest, type Manifest, type ManifestPort, type ManifestStream } from './manifest.js';
export { verilog, type VerilogOptions } from './verilog/index.js';
