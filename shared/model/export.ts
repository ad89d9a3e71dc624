/** A place that an export can be written to. */
export interface Medium {
  /** Stable while it is plugged in: the mount point. */
  readonly path: string;
  /** What the person knows it by: volume label or folder name. */
  readonly label: string;
  /** Volume serial or UUID where the system tells one; recognises a stick that comes back. */
  readonly volumeId: string;
  readonly removable: boolean;
  readonly fileSystem: string;
  /** Bytes; null = unknown. */
  readonly size: number | null;
  readonly free: number | null;
}

/** The removable drives of this computer. */
export interface MediaList {
  /** False where the system cannot tell or did not in time: that there are none is then not known. */
  readonly told: boolean;
  readonly media: readonly Medium[];
}

/** One export, as recorded in the vault from before its first file was written. */
export interface ExportRecord {
  readonly exportId: number;
  /** Not finished: what is counted here may lie on the medium, whole or in part. `begun` also while it is being written. */
  readonly state: 'begun' | 'finished' | 'failed';
  readonly at: number;
  readonly mediumLabel: string;
  readonly volumeId: string;
  readonly directory: string;
  readonly operator: string;
  readonly devices: number;
  readonly keysEncrypted: boolean;
  readonly withBroker: boolean;
  /** Devices whose keys on it are still in use: what a finder of the stick could abuse. */
  readonly devicesStillAtRisk: number;
  /** The broker's present key is on it. */
  readonly brokerAtRisk: boolean;
}

/** What differs between the vault now and the last export that held the broker's kit. */
export interface ExportState {
  readonly last: ExportRecord | null;
  /** Files of the broker kit that are new or different since then, with their paths in the kit. */
  readonly changedKitFiles: readonly string[];
  /** Devices that were never exported with their present certificate. */
  readonly devicesToExport: number;
  /** Devices whose bundle was exported with their present certificate, but says something that is no longer so. */
  readonly bundlesOutdated: number;
}

/** One generated file in the preview. Secrets are never part of it. */
export interface PreviewFile {
  readonly path: string;
  readonly bytes: number;
  readonly secret: boolean;
  /** Null for secret files. */
  readonly content: string | null;
  readonly change: 'same' | 'changed' | 'new' | 'never-exported';
}
