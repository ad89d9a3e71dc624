import { useTranslation } from 'react-i18next';
import { isRefusal, reasonKey } from './reason.ts';

/** Reason code → a sentence, with the code behind it where it is a refusal: that is what logs and manuals speak of. */
export function useReasonWords(): (code: number) => string {
  const { t } = useTranslation();
  return (code) => {
    const words = t(`tester.reason.${reasonKey(code)}`);
    return isRefusal(code) ? t('tester.reason.code', { words, code }) : words;
  };
}
