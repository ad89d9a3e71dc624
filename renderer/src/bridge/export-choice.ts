import type { CallInput } from '../../../shared/contract.ts';

/** What the export page shall offer: chosen on another page, kept in memory because it may be 100,000 devices. */
export interface ExportChoice {
  readonly projectId: number;
  /** Null = all devices that have a valid certificate. */
  readonly deviceIds: readonly number[] | null;
  readonly withBroker: boolean;
  /** The report of a tried connection that goes along, and whose it is. */
  readonly acceptance?: Acceptance | undefined;
}

export interface Acceptance {
  readonly who: string;
  readonly report: NonNullable<CallInput<'export.run'>['acceptance']>;
}

let choice: ExportChoice | null = null;
let unseen = false;

/** Remembers what was chosen; the caller then goes to the page `export`. */
export function chooseForExport(next: ExportChoice): void {
  choice = next;
  unseen = true;
}

/** True once for each choice: what was exported before is another matter then. */
export function takeUnseen(): boolean {
  const was = unseen;
  unseen = false;
  return was;
}

/** What was chosen for this project, or everything: the answer that is right most of the time. */
export function exportChoice(projectId: number): ExportChoice {
  return choice?.projectId === projectId ? choice : { projectId, deviceIds: null, withBroker: true };
}
