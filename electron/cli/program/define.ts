import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';

/** Options that every command has; those without a vault hand in an empty name. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly vault: string;
  readonly operator?: string;
  readonly clockIsRight?: boolean;
}

export type MakeContext = (options: GlobalOptions) => CommandContext;

/** What the commands are defined with. */
export interface Define {
  readonly context: MakeContext;
  /** The exit status of the command, where it is not that of success. */
  readonly endWith: (status: number) => void;
  /** A command on a vault. */
  readonly command: (name: string, description: string) => Command;
  /** A command that needs none. */
  readonly plain: (name: string, description: string) => Command;
}
