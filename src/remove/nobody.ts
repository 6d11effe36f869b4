import type {Host, HostName} from '../ssh/host.js';

/** A host that was not reached, where a step would ask it for something if it were there: nobody is asked. */
export function nobody(name: HostName): Host {
  const ran = async () => ({code: 0, timedOut: false, stdout: '', stderr: '', tookMs: 0});
  return {
    name,
    target: '',
    run: ran,
    script: ran,
    read: async () => undefined,
    write: async () => {
      throw new TypeError(`The ${name} was not reached, so nothing can be written there.`);
    },
    follow: async function* () {},
    close: async () => {},
  };
}
