import { IconCheck, IconCopy, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../bridge/client.ts';
import css from './CopyButton.module.css';

interface Props {
  readonly text: string;
  /** What is copied, for the accessible name: "Copy fingerprint". */
  readonly what: string;
  /** A visible word beside the sign. */
  readonly label?: string;
}

/** Copies through main (the page itself has no clipboard permission) and says so, to eyes and to screen readers. */
export function CopyButton({ text, what, label }: Props) {
  const { t } = useTranslation();
  const [result, setResult] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), 2_000);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = () => {
    call('clipboard.write', { text }).then(
      () => setResult('copied'),
      () => setResult('failed'),
    );
  };
  const Sign = result === 'copied' ? IconCheck : result === 'failed' ? IconX : IconCopy;
  const said = result === 'copied' ? t('common.copied') : result === 'failed' ? t('common.copyFailed') : '';
  const name = t('common.copyNamed', { what });
  return (
    <>
      <button
        type="button"
        className={css.copy}
        data-result={result}
        aria-label={label ? undefined : name}
        title={name}
        onClick={copy}
      >
        <Sign size={18} stroke={1.8} aria-hidden />
        {label && <span>{said || label}</span>}
      </button>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}
