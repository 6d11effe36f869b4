import {monitorView, type MonitorView} from '../phases/monitor-view.js';
import type {Host} from '../ssh/host.js';
import {layout} from '../templates/layout.js';

/** What the standby's monitor says of itself right now; undefined when it says nothing that can be read. */
export async function monitorState(standby: Host): Promise<MonitorView | undefined> {
  const bytes = await standby.read(layout.stateJson);
  if (!bytes) return undefined;
  try {
    return monitorView(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
