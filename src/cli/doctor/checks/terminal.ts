import {ok, tip, type Finding} from '../finding.js';
import type {Readings, TerminalReadings} from '../readings.js';

/** Where screens and questions are shown. Pure. */
export function terminalFindings({terminal, platform}: Pick<Readings, 'terminal' | 'platform'>): Finding[] {
  return [
    ...kind(terminal, platform),
    ...size(terminal),
    ...colours(terminal),
    ...characters(terminal, platform),
    ...inside(terminal),
  ];
}

function kind({interactive, term, windowsTerminal}: TerminalReadings, platform: NodeJS.Platform): Finding[] {
  if (!interactive)
    return [
      ok('terminal', 'This run has no terminal on all of stdin, stdout and stderr: lines, and no questions.'),
    ];
  // Windows has no such variable.
  if (platform === 'win32' && !term)
    return windowsTerminal
      ? []
      : [
          tip(
            'terminal',
            'This is not Windows Terminal: an old console window shows marks and lines badly.',
            'Install Windows Terminal from the Microsoft Store.',
          ),
        ];
  if (term === undefined || term === '')
    return [tip('terminal', 'TERM is not set: colours and keys may be wrong.', 'export TERM=xterm-256color')];
  if (term === 'dumb')
    return [
      tip(
        'terminal',
        'TERM is dumb: lines instead of screens.',
        'Use another terminal for the live view, or export TERM=xterm-256color where it knows that.',
      ),
    ];
  return [ok('terminal', `A terminal of the kind ${term}.`)];
}

function size({interactive, columns, rows}: TerminalReadings): Finding[] {
  if (!interactive || columns === undefined || rows === undefined) return [];
  if (columns < 40 || rows < 10)
    return [tip('size', `${columns}x${rows} is too small for any screen.`, 'Enlarge it to 80x24 or more.')];
  if (columns < 80 || rows < 24)
    return [tip('size', `${columns}x${rows}: panes are stacked or cut.`, 'Enlarge it to 80x24 or more.')];
  return [ok('size', `${columns}x${rows}.`)];
}

function colours({interactive, colourBits, noColour}: TerminalReadings): Finding[] {
  if (!interactive) return [];
  if (noColour)
    return [ok('colours', 'None, as NO_COLOR or FORCE_COLOR wants it; nothing is told by colour alone.')];
  return [
    ok('colours', colourBits > 1 ? `${2 ** colourBits} colours.` : 'None; nothing is told by colour alone.'),
  ];
}

function characters({interactive, locale}: TerminalReadings, platform: NodeJS.Platform): Finding[] {
  // Windows has no such variable; its terminal shows all of them.
  if (platform === 'win32' || !interactive) return [];
  if (locale !== undefined && /utf-?8/i.test(locale)) return [ok('characters', `The locale is ${locale}.`)];
  return [
    tip(
      'characters',
      locale === undefined
        ? 'No locale is set: marks and lines may be shown as other characters.'
        : `The locale ${locale} is not UTF-8: marks and lines may be shown as other characters.`,
      'export LANG=C.UTF-8',
    ),
  ];
}

function inside({inside: where, windowsTerminal}: TerminalReadings): Finding[] {
  if (where === 'screen')
    return [
      tip(
        'terminal',
        'Inside screen, notes of watch do not reach the desktop.',
        'Use tmux, or the terminal itself.',
      ),
    ];
  if (where === 'tmux')
    return [ok('terminal', 'Inside tmux: its bell tells of changes (set -g monitor-bell on).')];
  return windowsTerminal ? [ok('terminal', 'Windows Terminal.')] : [];
}
