import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.js';

/**
 * Temporary directories and child processes that must not outlive us. When the process exits, or is ended by Ctrl-C or SIGTERM while
 * nobody else listens, the children are killed and the directories removed.
 */
const directories = new Set<string>();
const children = new Set<ChildProcess>();
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let watching = false;

/** Kills a child and, where it was started `detached`, all that it has started: a tool may run others, which would work on. */
export function killTree(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It leads no group of its own, or is gone.
  }
  child.kill('SIGKILL');
}

function clean(): void {
  for (const child of children) killTree(child);
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  children.clear();
  directories.clear();
}

function onEnding(name: NodeJS.Signals): void {
  // Who listens beside us (a command line with an AbortController) decides; `exit` cleans up after it in any case.
  if (process.listenerCount(name) > 1) return;
  clean();
  unwatch();
  process.kill(process.pid, name);
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', clean);
  for (const name of endings) process.on(name, onEnding);
}

function unwatch(): void {
  if (!watching || directories.size > 0 || children.size > 0) return;
  watching = false;
  process.off('exit', clean);
  for (const name of endings) process.off(name, onEnding);
}

/** Counts a child among those that are killed when we end; it drops out by itself when it ends. */
export function trackChild(child: ChildProcess): void {
  watch();
  children.add(child);
  const forget = (): void => {
    children.delete(child);
    unwatch();
  };
  child.once('exit', forget);
  child.once('error', forget);
}

const staleAfterMilliseconds = 24 * 3600 * 1000;

/** Removes what a killed process (SIGKILL, power) left in `parent` more than a day ago. */
function sweep(parent: string): void {
  const now = Date.now();
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > staleAfterMilliseconds) rmSync(path, { recursive: true, force: true });
  }
}

/** Runs `body` with a new directory inside `parent` (made if it is missing) and removes it whatever happens. */
export async function withScratch<T>(parent: string, body: (directory: string) => Promise<T>): Promise<T> {
  makeFolder(parent);
  sweep(parent);
  const directory = mkdtempSync(join(parent, `${process.pid}-`));
  watch();
  directories.add(directory);
  try {
    return await body(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
    directories.delete(directory);
    unwatch();
  }
}
