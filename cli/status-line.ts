import type { CommandIo } from './command.js';

/** Says what is being done: on a terminal one line that is written over, elsewhere a line for each step. */
export class StatusLine {
  private shown = '';
  private step = '';

  constructor(private readonly io: CommandIo) {}

  /** `step` names what is done; `detail` how far it is, and is shown on a terminal only. */
  show(step: string, detail = ''): void {
    if (this.io.isTerminal) {
      const text = `${step}${detail === '' ? ' ...' : `: ${detail}`}`.slice(0, (this.io.columns ?? 100) - 1);
      if (text !== this.shown) this.io.stderr.write(`\r\u001b[2K${text}`);
      this.shown = text;
    } else if (step !== this.step) {
      this.io.stderr.write(`${step}\n`);
    }
    this.step = step;
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (this.io.isTerminal && this.shown !== '') this.io.stderr.write('\r\u001b[2K');
    this.shown = '';
    this.step = '';
  }
}
