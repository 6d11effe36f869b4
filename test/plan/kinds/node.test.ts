import {describe, expect, it} from 'vitest';
import {checksumOf, chooseNode, type NodeIndex} from '../../../src/plan/kinds/node.js';

const release = (version: string, lts: string | false, files = ['linux-x64', 'linux-arm64']) => ({
  version: `v${version}`,
  lts,
  files,
});
const index: NodeIndex = [
  release('26.2.0', false),
  release('26.0.0', false),
  release('24.21.0', 'Krypton'),
  release('24.16.0', 'Krypton'),
  release('24.9.0', false),
  release('22.22.2', 'Jod'),
  release('24.22.0', 'Krypton', ['linux-arm64']),
];
const engines = '>=24.16.0 <25 || >=26.1.0';

describe('which Node is installed', () => {
  it.each([
    ["the primary's own when the mirror has it", '24.16.0', 'linux-x64', '24.16.0'],
    ['the newest long-term release when it has not', '24.17.0', 'linux-x64', '24.21.0'],
    ["not the primary's when the package does not want it", '24.9.0', 'linux-x64', '24.21.0'],
    ['only what is built for the processor', undefined, 'linux-arm64', '24.22.0'],
    ['nothing for a processor without builds', undefined, 'linux-riscv', undefined],
  ])('%s', (_name, prefer, platform, expected) =>
    expect(chooseNode(index, engines, platform, prefer)).toBe(expected),
  );
  it('takes a current release when no long-term one fits', () =>
    expect(chooseNode(index, '>=26', 'linux-x64')).toBe('26.2.0'));
});

describe('SHASUMS256.txt', () => {
  const hash = 'a'.repeat(64);
  it.each([
    ['text mode', `${hash}  node.tar.xz\n`, hash],
    ['binary mode', `${hash} *node.tar.xz\n`, hash],
    ['another file only', `${hash}  node.tar.gz\n`, undefined],
    ['a short hash', `abc  node.tar.xz\n`, undefined],
    ['a web page', '<html>', undefined],
  ])('%s', (_name, text, expected) => expect(checksumOf(text, 'node.tar.xz')).toBe(expected));
});
