import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {Secret} from '../../src/secret.js';
import {fileAudit, redact} from '../../src/ssh/audit.js';
import type {AuditEntry} from '../../src/ssh/host.js';
import {temporaryFolder} from './connecting.js';

const entry = (command: string): AuditEntry => ({
  time: '2026-11-20T14:00:00.000Z',
  host: 'standby',
  target: 'root@claw',
  command,
  user: 'root',
  code: 0,
  tookMs: 12,
});

describe('the audit log', () => {
  it('is one JSON line per command, for the owner only', () => {
    const path = join(temporaryFolder(), 'state', 'audit.jsonl');
    const audit = fileAudit(path);
    audit(entry('true'));
    audit({...entry('false'), code: 1});
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as AuditEntry)).toEqual([
      entry('true'),
      {...entry('false'), code: 1},
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes on in the same file', () => {
    const path = join(temporaryFolder(), 'audit.jsonl');
    fileAudit(path)(entry('one'));
    fileAudit(path)(entry('two'));
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('never shows a secret that it was told', () => {
    const path = join(temporaryFolder(), 'audit.jsonl');
    const audit = fileAudit(path);
    audit.conceal(new Secret('hunter22'), new Secret('ab'));
    audit(entry('tool --password=hunter22 tab'));
    expect(readFileSync(path, 'utf8')).toContain('"command":"tool --password=[redacted] tab"');
  });

  it('begins a new file at its limit and keeps the one before', () => {
    const path = join(temporaryFolder(), 'audit.jsonl');
    const audit = fileAudit(path, {rotateAt: 400});
    for (let i = 0; i < 5; i++) audit(entry(`command ${i}`));
    expect(readFileSync(`${path}.1`, 'utf8')).toContain('command 2');
    expect(readFileSync(path, 'utf8')).toContain('command 4');
    expect(statSync(path).size).toBeLessThan(600);
  });

  it('never stops the work, and says once that it cannot be written', () => {
    const said: string[] = [];
    const audit = fileAudit('/dev/null/audit.jsonl', {onTrouble: (sentence) => said.push(sentence)});
    audit(entry('one'));
    audit(entry('two'));
    expect(said).toEqual([expect.stringContaining('/dev/null/audit.jsonl')]);
  });

  it('cuts a command that is out of proportion', () => {
    const path = join(temporaryFolder(), 'audit.jsonl');
    fileAudit(path)(entry('x'.repeat(100_000)));
    expect(statSync(path).size).toBeLessThan(5_000);
  });
});

describe('redacting', () => {
  it('leaves text without secrets alone', () => {
    expect(redact('nothing here', [new Secret('topsecret')])).toBe('nothing here');
    expect(redact('topsecret topsecret', [new Secret('topsecret')])).toBe('[redacted] [redacted]');
  });
});
