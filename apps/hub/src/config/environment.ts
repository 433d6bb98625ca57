import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { errorCode } from './error-code.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The process environment over a `.env` file: what is really set wins. */
export function loadEnvironment(file = '.env', real: Environment = process.env): Environment {
  if (!existsSync(file)) return real;
  return { ...parseEnv(readFileSync(file, 'utf8')), ...definedOf(real) };
}

const definedOf = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));

/** Reads single variables and collects what is wrong with them, so that one start names every mistake. */
export class EnvironmentReader {
  readonly problems: string[] = [];

  constructor(private readonly environment: Environment) {}

  /** Empty counts as not set: that is what an empty line in a compose file means. */
  text(name: string): string | undefined {
    const value = this.environment[name]?.trim();
    return value === undefined || value === '' ? undefined : value;
  }

  /** The variable or the content of the file its `_FILE` twin names. */
  secret(name: string): string | undefined {
    const value = this.text(name);
    const file = this.text(`${name}_FILE`);
    if (file === undefined) return value;
    if (value !== undefined) {
      this.problems.push(`${name} and ${name}_FILE are both set; keep one of them.`);
      return undefined;
    }
    const content = this.file(`${name}_FILE`)?.toString('utf8').trim();
    if (content === '') this.problems.push(`${name}_FILE names the file ${file}, which is empty.`);
    return content === '' ? undefined : content;
  }

  /** The content of the file a variable names. */
  file(name: string): Buffer | undefined {
    const path = this.text(name);
    if (path === undefined) return undefined;
    try {
      return readFileSync(path);
    } catch (error) {
      const reason = errorCode(error) ?? String(error);
      this.problems.push(`${name} names the file ${path}, which cannot be read (${reason}).`);
      return undefined;
    }
  }

  integer(name: string, minimum: number, maximum: number): number | undefined {
    return this.parsed(name, `a whole number from ${minimum} to ${maximum}`, (text) => {
      const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      return number >= minimum && number <= maximum ? number : undefined;
    });
  }

  choice<T extends string>(name: string, choices: readonly T[], normalise = (text: string) => text): T | undefined {
    return this.parsed(name, `one of ${choices.join(', ')}`, (text) =>
      choices.find((choice) => choice === normalise(text)),
    );
  }

  /** `parse` answers undefined for a wrong value; the value itself is named in the complaint. */
  parsed<T>(name: string, expected: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) this.problems.push(`${name} is "${text}", but must be ${expected}.`);
    return value;
  }
}
