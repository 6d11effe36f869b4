import {isAbsolute, resolve} from 'node:path';
import {notifySecrets} from './notify.js';
import {getAt, isRecord, withValue, type Draft, type Path} from './path.js';

/** Paths of files in an answers object, made independent of the folder the program is started in. */
export function absolute(draft: Draft, folder: string): Draft {
  let result = draft;
  for (const path of filePaths(draft)) {
    const value = getAt(result, path);
    if (typeof value === 'string' && value !== '' && !value.startsWith('~') && !isAbsolute(value)) {
      result = withValue(result, path, resolve(folder, value));
    }
  }
  return result;
}

function filePaths(draft: Draft): Path[] {
  const paths: Path[] = [
    ['primary', 'identityFile'],
    ['standby', 'identityFile'],
    ['network', 'authKey', 'file'],
  ];
  for (const {path} of notifySecrets(draft)) paths.push([...path, 'file']);
  for (const section of ['channel', 'model']) {
    const secrets = getAt(draft, [section, 'secrets']);
    if (isRecord(secrets))
      for (const name of Object.keys(secrets)) paths.push([section, 'secrets', name, 'file']);
  }
  return paths;
}
