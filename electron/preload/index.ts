import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import {
  type Bridge,
  type CallName,
  callChannel,
  callNames,
  type EventName,
  eventChannel,
  eventNames,
} from '../../shared/bridge.ts';

/**
 * The only way between page and main. Passes known names and nothing else: the page never sees ipcRenderer, an event
 * object or a channel of its own choosing.
 */
const bridge: Bridge = {
  call(name: CallName, input: unknown) {
    if (!callNames.includes(name)) return Promise.reject(new Error(`unknown call ${String(name)}`));
    return ipcRenderer.invoke(callChannel, name, input);
  },
  on(name: EventName, listener: (payload: unknown) => void) {
    if (!eventNames.includes(name)) throw new Error(`unknown event ${String(name)}`);
    const forward = (_event: IpcRendererEvent, event: EventName, payload: unknown) => {
      if (event === name) listener(payload);
    };
    ipcRenderer.on(eventChannel, forward);
    return () => ipcRenderer.removeListener(eventChannel, forward);
  },
  pathOf(dropped: unknown) {
    try {
      return webUtils.getPathForFile(dropped as Parameters<typeof webUtils.getPathForFile>[0]);
    } catch {
      // anything else than a File
      return '';
    }
  },
};

// a page listens in a dozen places at once, each of which stops when it is left: no leak that Node has to warn of
ipcRenderer.setMaxListeners(100);

contextBridge.exposeInMainWorld('fieldkey', bridge);
