import { useState } from 'react';
import type { CallOutput } from '../../../../../shared/contract.ts';
import type { ErrorReport } from '../../../../../shared/errors.ts';
import { useAction } from '../../../bridge/action.ts';
import { call } from '../../../bridge/client.ts';
import type { ReadFile } from '../../../ui/DropFiles.tsx';

type Look = CallOutput<'connection.files'>;

export interface ChosenFiles {
  readonly files: readonly ReadFile[];
  /** What is in them; null while they are looked at, or when there are none. */
  readonly look: Look | null;
  readonly passphrase: string;
  readonly pending: boolean;
  readonly error: ErrorReport | null;
  readonly choose: (files: readonly ReadFile[]) => void;
  readonly setPassphrase: (passphrase: string) => void;
  /** Looks once more, with the passphrase that was typed. */
  readonly open: () => void;
  readonly drop: () => void;
}

/** Files of one kind that were given: they are looked at in the vault's thread at once, before anything is stored. */
export function useFiles(kind: 'identity' | 'authorities'): ChosenFiles {
  const [files, setFiles] = useState<readonly ReadFile[]>([]);
  const [look, setLook] = useState<Look | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const action = useAction(async (all: readonly ReadFile[], typed: string) => {
    const given = all.map(({ name, bytes }) => ({ name, bytes }));
    const found = await call('connection.files', {
      identity: kind === 'identity' ? given : [],
      authorities: kind === 'authorities' ? given : [],
      ...(typed === '' ? {} : { keyPassphrase: typed }),
    });
    setLook(found);
  });
  return {
    files,
    look,
    passphrase,
    pending: action.pending,
    error: action.error,
    choose: (more) => {
      // half of a pair may follow the other; a whole one takes its place
      const half = look?.wrong && /^(key|certificate)-missing$|^passphrase/.test(look.wrong.problem);
      const all = half ? [...files.filter(({ name }) => !more.some((each) => each.name === name)), ...more] : more;
      setFiles(all.slice(0, 20));
      setLook(null);
      void action.run(all.slice(0, 20), passphrase);
    },
    setPassphrase,
    open: () => void action.run(files, passphrase),
    drop: () => {
      setFiles([]);
      setLook(null);
      setPassphrase('');
    },
  };
}
