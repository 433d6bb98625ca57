import { spawn } from 'node:child_process';
import { root } from './root.mjs';

/**
 * Runs a program to its end and answers with its exit code; passes signals on, so that nothing outlives the caller.
 * `capture`: collect stdout and stderr instead of showing them.
 */
export function run(command, args, { env = process.env, cwd = root, capture = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', pass).on('SIGTERM', pass);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 143), output });
    });
  });
}

/** The same for a Node program of this checkout, e.g. `node_modules/typescript/bin/tsc`. */
export const runNode = (script, args = [], options = {}) => run(process.execPath, [script, ...args], options);
