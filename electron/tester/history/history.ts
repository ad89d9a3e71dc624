import { type ErrorReport, FieldkeyError } from '../../../shared/errors.ts';
import type { RecordingState } from '../../../shared/model/recording.ts';
import type { ConnectionReport } from '../channel.ts';
import type { Incoming } from './block.ts';
import type { FromHistory, HistoryCall, HistoryCalls, ToHistory } from './calls.ts';
import { Recorder } from './recorder.ts';
import { type Publisher, replay } from './replay.ts';

/** Whatever hosts the files of the recordings (service.ts): a thread, or the same one in a test. */
export interface HistoryPort {
  post(message: ToHistory, transfer: ArrayBuffer[]): void;
  onMessage(listener: (message: FromHistory) => void): void;
  onExit(listener: (reason: string) => void): void;
}

/** A connection that can be recorded, and that a recording can be played on. */
export interface Recorded extends Publisher {
  readonly state: Pick<ConnectionReport, 'phase'>;
}

export interface HistoryEvents {
  readonly onState: (state: RecordingState) => void;
  readonly onProgress: (jobId: string, step: 'replay' | 'write', done: number, total: number) => void;
}

/** Recordings as the tester sees them: what its connections hear goes there, and comes from there when it is played. */
export class History {
  readonly #start: () => HistoryPort;
  readonly #events: HistoryEvents;
  readonly #connection: (connectionId: string) => Recorded | undefined;
  readonly #recorders = new Map<string, Recorder>();
  readonly #states = new Map<string, RecordingState>();
  readonly #replays = new Map<string, AbortController>();
  readonly #pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: ErrorReport) => void }>();
  #port: HistoryPort | null = null;
  #next = 1;

  constructor(start: () => HistoryPort, connection: (connectionId: string) => Recorded | undefined, events: HistoryEvents) {
    this.#start = start;
    this.#connection = connection;
    this.#events = events;
  }

  /** A message that came or went; nothing happens unless its connection is being recorded. */
  note(connectionId: string, message: Incoming): void {
    this.#recorders.get(connectionId)?.add(message);
  }

  /** The state of a connection: gaps become marks, its end is the end of the recording. */
  noteState({ connectionId, phase }: ConnectionReport): void {
    const recorder = this.#recorders.get(connectionId);
    if (!recorder) return;
    if (phase === 'connected') recorder.mark('connected', Date.now());
    else if (phase === 'waiting') recorder.mark('lost', Date.now());
    else if (phase === 'closed') {
      recorder.mark('closed', Date.now());
      void this.ask('stop', { connectionId, ended: 'closed' }).catch(() => undefined);
    }
  }

  /** @throws ErrorReport */
  async ask<N extends HistoryCall>(call: N, input: HistoryCalls[N]['input']): Promise<HistoryCalls[N]['output']> {
    switch (call) {
      case 'start': {
        const { connectionId } = input as HistoryCalls['start']['input'];
        const state = (await this.#send(call, input)) as RecordingState;
        if (!this.#recorders.has(connectionId)) {
          this.#recorders.set(
            connectionId,
            new Recorder(connectionId, (message, transfer) => this.#running().post(message, transfer)),
          );
          this.#states.set(connectionId, state);
        }
        // its end may have been told while the file was being made, when there was nothing to end yet
        const phase = this.#connection(connectionId)?.state.phase ?? 'closed';
        if (phase === 'closed') {
          this.#recorders.get(connectionId)?.mark('closed', Date.now());
          return (await this.ask('stop', { connectionId, ended: 'closed' })) as HistoryCalls[N]['output'];
        }
        return state as HistoryCalls[N]['output'];
      }
      case 'stop':
        this.#endRecorder((input as HistoryCalls['stop']['input']).connectionId);
        break;
      case 'close':
        for (const abort of this.#replays.values()) abort.abort();
        for (const connectionId of [...this.#recorders.keys()]) this.#endRecorder(connectionId);
        if (!this.#port) return undefined as HistoryCalls[N]['output'];
        break;
      case 'lock':
        for (const abort of this.#replays.values()) abort.abort();
        if (!this.#port) return undefined as HistoryCalls[N]['output'];
        break;
      case 'cancel': {
        const { jobId } = input as HistoryCalls['cancel']['input'];
        const one = this.#replays.get(jobId);
        one?.abort();
        if (one || !this.#port) return (one !== undefined) as HistoryCalls[N]['output'];
        break;
      }
      case 'live':
        if (!this.#port) return [] as unknown as HistoryCalls[N]['output'];
        break;
      case 'replay':
        return (await this.#replay(input as HistoryCalls['replay']['input'])) as HistoryCalls[N]['output'];
    }
    return this.#send(call, input);
  }

  async #replay(order: HistoryCalls['replay']['input']): Promise<HistoryCalls['replay']['output']> {
    const publisher = this.#connection(order.connectionId);
    if (!publisher) throw new FieldkeyError('CONNECTION_NOT_OPEN', {});
    const abort = new AbortController();
    this.#replays.set(order.jobId, abort);
    try {
      return await replay(order, publisher, {
        ask: (call, input) => this.#send(call, input),
        signal: abort.signal,
        progress: (done, total) => this.#events.onProgress(order.jobId, 'replay', done, total),
      });
    } finally {
      this.#replays.delete(order.jobId);
    }
  }

  #endRecorder(connectionId: string): void {
    this.#recorders.get(connectionId)?.flush();
    this.#recorders.delete(connectionId);
  }

  #send<N extends HistoryCall>(call: N, input: HistoryCalls[N]['input']): Promise<HistoryCalls[N]['output']> {
    const port = this.#running();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      port.post({ kind: 'call', id, call, input }, []);
      // it was copied when it was posted
      if (call === 'open') (input as HistoryCalls['open']['input']).key.fill(0);
    });
  }

  #running(): HistoryPort {
    if (this.#port) return this.#port;
    const port = this.#start();
    this.#port = port;
    port.onMessage((message) => this.#take(message));
    port.onExit((reason) => this.#exited(port, reason));
    return port;
  }

  #take(message: FromHistory): void {
    switch (message.kind) {
      case 'answer': {
        const waiting = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        if (message.ok) waiting?.resolve(message.value);
        else waiting?.reject(message.error);
        return;
      }
      case 'appended':
        this.#recorders.get(message.connectionId)?.appended(message.bytes);
        return;
      case 'state':
        if (message.state.ended === null) this.#states.set(message.state.connectionId, message.state);
        else {
          this.#states.delete(message.state.connectionId);
          this.#recorders.delete(message.state.connectionId);
        }
        this.#events.onState(message.state);
        return;
      case 'progress':
        this.#events.onProgress(message.jobId, 'write', message.done, message.total);
    }
  }

  /** The thread died. What it had committed is there; what goes on is told to have ended. */
  #exited(port: HistoryPort, reason: string): void {
    if (this.#port !== port) return;
    this.#port = null;
    for (const state of this.#states.values()) this.#events.onState({ ...state, ended: 'failed', reason });
    this.#states.clear();
    this.#recorders.clear();
    for (const { reject } of this.#pending.values()) reject({ code: 'INTERNAL', params: { detail: reason } });
    this.#pending.clear();
  }
}
