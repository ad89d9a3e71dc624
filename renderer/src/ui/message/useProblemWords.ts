import { useTranslation } from 'react-i18next';
import type { TemplateProblem } from '../../../../shared/rules/publish-template.ts';

/** What is wrong with a message that was written, as a sentence. */
export function useProblemWords(): (problem: TemplateProblem) => string {
  const { t } = useTranslation();
  return (problem) => {
    switch (problem.kind) {
      case 'unknown':
      case 'arguments':
      case 'no-device':
        return t(`publishing.problem.${problem.kind}`, { text: problem.text });
      case 'json':
      case 'too-large':
        return t(`publishing.problem.${problem.kind}`);
      case 'hex':
      case 'base64':
        return problem.at === null
          ? t(`publishing.problem.${problem.kind}`)
          : t(`publishing.problem.${problem.kind}At`, { at: problem.at + 1 });
    }
  };
}
