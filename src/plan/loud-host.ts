import {quote} from '../ssh/quote.js';
import type {Host} from '../ssh/host.js';
import type {SetupEvent} from './events.js';

/** The same host, telling each command before it runs; what it prints comes through the caller's `onLine`. */
export function loudHost(host: Host, emit: (event: SetupEvent) => void): Host {
  const tell = (line: string) => emit({type: 'output', host: host.name, line, command: true});
  return {
    name: host.name,
    target: host.target,
    run: (argv, options) => {
      tell(options?.label ?? quote(argv));
      return host.run(argv, options);
    },
    script: (script, options) => {
      tell(script.label);
      return host.script(script, options);
    },
    read: (path, options) => host.read(path, options),
    write: (file) => {
      tell(`write ${file.path}`);
      return host.write(file);
    },
    follow: (argv, signal) => host.follow(argv, signal),
    close: () => host.close(),
  };
}
