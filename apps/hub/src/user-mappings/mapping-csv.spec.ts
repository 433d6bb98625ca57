import { describe, expect, it } from '@jest/globals';
import { readMappingCsv } from './mapping-csv.js';

const header = 'sourceInstanceId,sourceUsername,targetInstanceId,targetUsername';
const read = (text: string) => readMappingCsv(new TextEncoder().encode(text));
const pairs = (text: string) => read(text).mappings.map(({ line, pair }) => [line, ...Object.values(pair)].join(' '));

describe('a table of user mappings', () => {
  it('is read with a byte order mark, Windows line ends, quotes and empty lines', () => {
    expect(pairs(`\ufeff${header}\r\nA,alice,B,"a, ""the"" liddell"\r\n\r\n "A" , @bob ,B, robert \r\n`)).toEqual([
      '2 A alice B a, "the" liddell',
      '4 A bob B robert',
    ]);
  });

  it('is read with its columns in any order, and with semicolons or tabs', () => {
    expect(pairs('targetUsername;sourceUsername;targetInstanceId;sourceInstanceId\nal;alice;B;A')).toEqual([
      '2 A alice B al',
    ]);
    expect(pairs(`${header.replaceAll(',', '\t')}\nA\talice\tB\tal`)).toEqual(['2 A alice B al']);
  });

  it('is read as spreadsheets save Unicode text', () => {
    const bytes = Buffer.from(`\ufeff${header}\nA,jürgen,B,jurgen`, 'utf16le');
    expect(readMappingCsv(bytes).mappings[0]?.pair.sourceUsername).toBe('jürgen');
  });

  it('loses only the lines that are broken, and says why', () => {
    const { mappings, errors } = read(
      [header, 'A,alice,B,"al', 'A,bob,B', 'A,"carol"s,B,c', 'A,d"ora,B,d', 'A,,B,e', 'A,x,B,y,z', 'A,frank,B,f'].join(
        '\n',
      ),
    );
    expect(mappings.map(({ line }) => line)).toEqual([8]);
    expect(errors).toEqual([
      { line: 2, message: 'opens a quote (") and does not close it' },
      {
        line: 3,
        message: 'has 3 columns; 4 are needed: sourceInstanceId, sourceUsername, targetInstanceId, targetUsername',
      },
      {
        line: 4,
        message: 'goes on after a closing quote ("); write a quote inside a quoted value twice ("")',
      },
      {
        line: 5,
        message: 'has a quote (") inside a value; put the whole value in quotes and write the inner quote twice',
      },
      { line: 6, message: 'sourceUsername is empty' },
      {
        line: 7,
        message: 'has 5 columns; 4 are needed: sourceInstanceId, sourceUsername, targetInstanceId, targetUsername',
      },
    ]);
  });

  it('is refused as a whole where nothing can be read', () => {
    expect(() => read('')).toThrow('The file is empty.');
    expect(() => read('\n \n')).toThrow('The file is empty.');
    expect(() => read('source,target\nA,B')).toThrow(`The first line must be ${header};`);
    expect(() => read(`${header},email\n`)).toThrow(`The first line must be ${header}.`);
    expect(() => read('"sourceInstanceId\n')).toThrow('The header cannot be read: opens a quote');
    expect(() => readMappingCsv(Buffer.from([0x61, 0xff, 0x62]))).toThrow('The file is not UTF-8 text.');
    expect(() => read(`${header}${'\n'.repeat(20_001)}`)).toThrow('20000 are allowed');
  });

  it('takes no username that the database could not hold', () => {
    expect(read(`${header}\nA,a\0b,B,c\nA,${'x'.repeat(256)},B,c`).errors.map(({ message }) => message)).toEqual([
      'sourceUsername holds a character that no username has',
      'sourceUsername is longer than 255 characters',
    ]);
  });
});
