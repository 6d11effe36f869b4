import {execFileSync} from 'node:child_process';
import {mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {isCompiled, warmUp} from '../../src/monitor/warm-up.js';

let root: string;
const at = (name: string) => path.join(root, name);
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'warm-'));
  mkdirSync(at('modules'));
  writeFileSync(at('modules/main.mjs'), "import './used.mjs'; import './old.cjs';\n");
  writeFileSync(at('modules/used.mjs'), 'export const used = 1;\n');
  writeFileSync(at('modules/old.cjs'), 'module.exports = 2;\n');
  writeFileSync(at('modules/unused.mjs'), `// ${'x'.repeat(100_000)}\n`);
  execFileSync(process.execPath, [at('modules/main.mjs')], {
    env: {...process.env, NODE_COMPILE_CACHE: at('cache')},
  });
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const compiled = () =>
  new Set(readdirSync(at('cache'), {recursive: true}).map((name) => path.basename(String(name))));

describe('what a start reads', () => {
  test('is known from the compile cache that Node itself has written', () => {
    const known = compiled();
    const of = (name: string) => isCompiled(at(`modules/${name}`), known);
    expect([of('main.mjs'), of('used.mjs'), of('old.cjs')]).toEqual([true, true, true]);
    expect(of('unused.mjs')).toBe(false);
  });

  test('is read, and nothing else; the list is kept for the next time', async () => {
    const places = {node: at('modules/used.mjs'), compileCache: at('cache'), modules: [at('modules')]};
    const bytes = await warmUp(places);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(100_000);
    const {files} = JSON.parse(readFileSync(at('cache/modules.json'), 'utf8')) as {files: string[]};
    expect(files.map((file) => path.basename(file)).toSorted()).toEqual(['main.mjs', 'old.cjs', 'used.mjs']);
  });

  test('another version of the modules makes another list; without a cache there is nothing to read', async () => {
    const places = {node: at('none'), compileCache: at('cache'), modules: [at('modules')]};
    await warmUp(places);
    writeFileSync(at('modules/package.json'), '{}');
    rmSync(at('modules/used.mjs'));
    await warmUp(places);
    expect(readFileSync(at('cache/modules.json'), 'utf8')).not.toContain('used.mjs');
    expect(await warmUp({...places, compileCache: at('nowhere')})).toBe(0);
  });
});
