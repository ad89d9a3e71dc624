/** One file of an export, before it is written. */
export interface ExportFile {
  /** Relative, with `/` on every system: `devices/meter-001/client.key`. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Holds a private key or password: written with mode 0600 where the file system knows modes. */
  readonly secret: boolean;
  /** What the window may show of a secret file: its text without what is secret in it. */
  readonly shown?: string | undefined;
}

/** What an export did. */
export interface ExportResult {
  readonly directory: string;
  readonly files: number;
  readonly bytes: number;
  /** True when the folder already held exactly this: nothing was written. */
  readonly unchanged: boolean;
}
