import { IconDatabase } from '@tabler/icons-react';
import { splitPath } from './file-name.ts';
import css from './Gate.module.css';

/** Which vault this is about: its name large, its folder beneath. */
export function VaultFile({ file }: { readonly file: string }) {
  const { name, folder } = splitPath(file);
  return (
    <div className={css.file}>
      <IconDatabase size={22} stroke={1.6} aria-hidden />
      <span>
        <span className={css.fileName} title={name}>
          {name}
        </span>
        <span className={css.folder}>{folder}</span>
      </span>
    </div>
  );
}
