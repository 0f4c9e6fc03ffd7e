import type { OnmlNode, WaveLane } from 'wavedrom';
import type { BusCell, Lane, WavePicture } from './picture.js';
import { broken } from './text.js';

/** WaveDrom's brick for a bus cell: 2 is white, 3 yellow, 7 green, 9 red; x is hatched. */
const bricks: Readonly<Record<BusCell['state'], string>> = { idle: 'x', waiting: '2', beat: '3', wrong: '9', expected: '7' };

const cycleWidth = 40;
const labelCharacter = 7;
const mostScale = 4;
const lineHeight = 15;
const noteCharacter = 6.7;
const margin = 10;

/** Draws the picture as a stand-alone SVG by WaveDrom, with the title above and the notes as text below. */
export async function renderSvg(picture: WavePicture): Promise<string> {
  const { onml, renderAny, waveSkin } = await import('wavedrom');
  const labels = picture.lanes.flatMap(lane => lane.kind === 'bus' ? lane.cells.map(cell => cell.text.length) : []);
  const hscale = Math.min(mostScale, Math.max(1, Math.ceil((Math.max(0, ...labels) * labelCharacter + 14) / cycleWidth)));
  const drawing = renderAny(0, {
    signal: picture.lanes.map(lane => waveLane(lane, picture.cycleCount)),
    head: { tock: picture.firstCycle },
    config: { hscale },
  }, structuredClone(waveSkin));
  return onml.stringify(withText(drawing, picture));
}

function waveLane(lane: Lane, cycles: number): WaveLane {
  const name = escape(lane.name);
  switch (lane.kind) {
    case 'clock': return { name, wave: 'n'.padEnd(cycles, '.') };
    case 'bit': return { name, wave: lane.levels.map((level, i) => i > 0 && lane.levels[i - 1] === level ? '.' : level).join('') };
    case 'bus': {
      const continues = lane.cells.map((cell, i) => {
        const before = lane.cells[i - 1];
        return cell.state === before?.state && cell.text === before.text && (cell.state === 'idle' || cell.state === 'waiting');
      });
      return {
        name,
        wave: lane.cells.map((cell, i) => continues[i] === true ? '.' : bricks[cell.state]).join(''),
        data: lane.cells.flatMap((cell, i) => continues[i] === true || cell.state === 'idle' ? [] : [escape(cell.text)]),
      };
    }
  }
}

/** The drawing with room for the title and the notes. */
function withText([, attributes, ...children]: OnmlNode, picture: WavePicture): OnmlNode {
  const drawnWidth = Number(attributes.width);
  const drawnHeight = Number(attributes.height);
  const columns = Math.max(100, Math.floor((drawnWidth - 2 * margin) / noteCharacter));
  const title = broken(picture.title, columns);
  const notes = picture.notes.flatMap(note => broken(note, columns, '  '));
  const top = title.length * lineHeight + margin;
  const width = Math.ceil(Math.max(drawnWidth, ...[...title, ...notes].map(line => line.length * noteCharacter + 2 * margin)));
  const height = top + drawnHeight + (notes.length === 0 ? 0 : notes.length * lineHeight + margin);
  const line = (text: string, y: number, weight: string): OnmlNode => ['text', {
    'x': margin, y, 'xml:space': 'preserve', 'style': `font-family:monospace;font-size:11px;font-weight:${weight};fill:#000`,
  }, escape(text)];
  return ['svg', {
    xmlns: 'http://www.w3.org/2000/svg', 'xmlns:xlink': 'http://www.w3.org/1999/xlink', width, height, viewBox: `0 0 ${width} ${height}`,
  },
  ['rect', { width, height, style: 'stroke:none;fill:white' }],
  ...title.map((text, i) => line(text, (i + 1) * lineHeight, 'bold')),
  ['g', { transform: `translate(0,${top})` }, ['svg', { ...attributes, width: drawnWidth, height: drawnHeight }, ...children]],
  ...notes.map((text, i) => line(text, top + drawnHeight + (i + 1) * lineHeight, 'normal'))];
}

/** WaveDrom puts text out as it stands. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
