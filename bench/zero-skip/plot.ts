/** The plot of a sweep as a stand-alone SVG: what is reached over what is ideal, tile by tile, for each number of lanes. */
import type { LaneSweep, Measured } from './sweep.js';
import { zeroKinds, type ZeroKind } from './tiles.js';

const panel = { width: 260, height: 220, gap: 60 } as const;
const margin = { left: 62, top: 64, bottom: 86, right: 30 } as const;
const colors: Readonly<Record<ZeroKind, string>> = { random: '#1f6fb4', clustered: '#d9660a' };
const style = [
  'text{font:11px sans-serif;fill:#222}.title{font-weight:bold}.grid{stroke:#e4e4e4}.frame{fill:none;stroke:#888}', '.ideal{stroke:#222;stroke-dasharray:4 3}.limit{stroke:#999;stroke-dasharray:1 3}',
  ...zeroKinds.map(kind => `.${kind}{fill:none;stroke:${colors[kind]};stroke-width:1.2}`),
].join('');
const names: Readonly<Record<ZeroKind, string>> = { random: 'zeros scattered', clustered: 'zeros in runs of 8 channels' };
const ticks = [1, 2, 5, 10, 20, 50, 100, 200, 400] as const;
const most = 450;

type Attributes = Readonly<Record<string, string | number>>;

/** An element of the drawing. */
function element(name: string, attributes: Attributes, content?: string): string {
  const head = `${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${typeof value === 'number' ? Number(value.toFixed(1)) : value}"`).join('')}`;
  return content === undefined ? `<${head}/>` : `<${head}>${content}</${name}>`;
}

function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, content.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
}

/** Where a factor lies on an axis that is so long: logarithmic, from 1. */
function place(factor: number, length: number): number {
  return (length * Math.log(factor)) / Math.log(most);
}

/** One of the two rows of panels. */
interface Measure {
  readonly title: string;
  readonly ticks: readonly number[];
  readonly label: (tick: number) => string;
  /** Above the lower edge of a panel. */
  readonly height: (value: number) => number;
  readonly of: (measured: Measured) => number;
  /** What would be ideal, as a line over all factors. */
  readonly ideal: (factor: number) => number;
}

const measures: readonly Measure[] = [
  { title: 'speed-up over skip none', ticks, label: tick => `${tick}`, height: value => place(value, panel.height), of: ({ speedUp }) => speedUp, ideal: factor => factor },
  {
    title: 'busy: products / (lanes x clocks)', ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], label: tick => `${100 * tick} %`, height: value => panel.height * value,
    of: ({ utilization }) => utilization, ideal: () => 1,
  },
];

/** A tile: a circle for scattered zeros, a diamond for runs. */
function mark(kind: ZeroKind, x: number, y: number): string {
  const size = 2.6;
  if (kind === 'random') return element('circle', { cx: x, cy: y, r: size, class: kind });
  return element('path', { d: `M${(x - size).toFixed(1)} ${y.toFixed(1)}l${size} ${-size}l${size} ${size}l${-size} ${size}z`, class: kind });
}

function panelOf({ lanes, denseClocks, cells }: LaneSweep, measure: Measure, lookahead: number): string {
  const { width, height } = panel;
  const grid = [
    ...ticks.map(tick => element('line', { x1: place(tick, width), x2: place(tick, width), y1: 0, y2: height, class: 'grid' })),
    ...measure.ticks.map(tick => element('line', { x1: 0, x2: width, y1: height - measure.height(tick), y2: height - measure.height(tick), class: 'grid' })),
  ];
  const labels = [
    ...ticks.map(tick => text(place(tick, width), height + 15, `${tick}`, { 'text-anchor': 'middle' })),
    ...measure.ticks.map(tick => text(-6, height - measure.height(tick) + 4, measure.label(tick), { 'text-anchor': 'end' })),
  ];
  // A lane looks at so many pairs in a clock, and is no faster, but for chunks without weights.
  const line = (from: number, to: number, of: (factor: number) => number, name: string): string =>
    element('line', { x1: place(from, width), x2: place(to, width), y1: height - measure.height(of(from)), y2: height - measure.height(of(to)), class: name });
  const points = zeroKinds.flatMap(kind => cells.map(({ kinds: { [kind]: measured } }) =>
    mark(kind, place((denseClocks * lanes) / measured.pairs, width), height - measure.height(measure.of(measured)))));
  return [
    element('rect', { x: 0, y: 0, width, height, class: 'frame' }), ...grid, line(1, most, measure.ideal, 'ideal'),
    element('line', { x1: place(lookahead, width), x2: place(lookahead, width), y1: 0, y2: height, class: 'limit' }), ...labels, ...points,
    text(width / 2, height + 32, 'ideal speed-up: dense products / pairs without a zero', { 'text-anchor': 'middle' }), text(0, -8, `${lanes} lanes: ${measure.title}`, { class: 'title' }),
  ].join('\n');
}

/** Draws a sweep of a core with this lookahead. */
export function plotSweep(sweeps: readonly LaneSweep[], title: string, lookahead: number): string {
  const width = margin.left + sweeps.length * panel.width + (sweeps.length - 1) * panel.gap + margin.right;
  const rowHeight = panel.height + panel.gap + 12;
  const height = margin.top + measures.length * rowHeight - panel.gap + margin.bottom;
  const panels = measures.flatMap((measure, row) => sweeps.map((each, column) =>
    element('g', { transform: `translate(${margin.left + column * (panel.width + panel.gap)},${margin.top + row * rowHeight})` }, panelOf(each, measure, lookahead))));
  const legendY = height - 26;
  const legend = zeroKinds.map((kind, index) => mark(kind, margin.left + 5 + index * 150, legendY - 4) + text(margin.left + 14 + index * 150, legendY, names[kind]));
  const lineX = margin.left + 360;
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` }, [
    '', element('style', {}, style),
    element('rect', { width, height, fill: 'white' }), text(margin.left, 22, title, { class: 'title' }), ...panels, ...legend,
    element('line', { x1: lineX, x2: lineX + 24, y1: legendY - 4, y2: legendY - 4, class: 'ideal' }), text(lineX + 30, legendY, 'ideal'),
    element('line', { x1: lineX + 80, x2: lineX + 104, y1: legendY - 4, y2: legendY - 4, class: 'limit' }), text(lineX + 110, legendY, `${lookahead} pairs looked at in a clock`),
    '',
  ].join('\n'))}\n`;
}
