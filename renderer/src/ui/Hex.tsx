import { CopyButton } from './CopyButton.tsx';
import css from './Hex.module.css';
import { colonHex, hexGroups } from './hex.ts';

/** A serial number or fingerprint: grouped for comparing by eye, copied in one piece. */
export function Hex({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <span className={css.hex}>
      <span className={css.groups}>
        {hexGroups(value).map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
          <span key={index}>{group}</span>
        ))}
      </span>
      <CopyButton text={colonHex(value)} what={what} />
    </span>
  );
}
