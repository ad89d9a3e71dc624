import { IconDatabase } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { splitPath } from './file-name.ts';
import css from './Gate.module.css';

interface Props {
  readonly file: string;
  readonly caption?: string;
  readonly action?: ReactNode;
}

/** Which vault this is about: its name large, its folder beneath. */
export function VaultFile({ file, caption, action }: Props) {
  const { name, folder } = splitPath(file);
  return (
    <div className={css.file}>
      <IconDatabase size={22} stroke={1.6} aria-hidden />
      <span>
        {caption && <span className={css.folder}>{caption}</span>}
        <span className={css.fileName} title={name}>
          {name}
        </span>
        <span className={css.folder}>{folder}</span>
      </span>
      {action}
    </div>
  );
}
