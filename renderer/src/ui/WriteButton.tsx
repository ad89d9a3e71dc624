import { Button, type ButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoadedSession } from '../bridge/session.ts';

type Props = ButtonProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> & {
    /** Why this one does nothing although the vault can be written; null = it does. */
    readonly blocked?: string | null;
    /** What it has to do with writing, where that is not to be guessed; added to the reason. */
    readonly because?: string;
  };

/** Why nothing can be written to the open vault, in a sentence; null = it can be. */
export function useReadOnlyReason(): string | null {
  const { t } = useTranslation();
  const { vault } = useLoadedSession();
  if (vault.state !== 'unlocked' || !vault.trouble || vault.trouble.kind === 'clock') return null;
  return t(`common.readOnly.${vault.trouble.kind}`);
}

/**
 * A button that ends in a write to the vault. While nothing can be written, or something else is in the way (`blocked`),
 * it does nothing and says why, and stays in the tab order: whoever uses the keyboard is to be told as well. As a form's submit button it stops Enter in a field, too.
 */
export function WriteButton({ blocked = null, because, ...props }: Props) {
  const readOnly = useReadOnlyReason();
  const reason = readOnly !== null && because !== undefined ? `${readOnly} ${because}` : (readOnly ?? blocked);
  if (reason === null) return <Button {...props} />;
  return (
    <Button {...props} disabled={false} data-disabled aria-disabled title={reason} onClick={(event) => event.preventDefault()} />
  );
}
