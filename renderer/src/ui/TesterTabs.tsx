import { useTranslation } from 'react-i18next';
import { hrefOf, testerPages, useRoute } from './route.ts';
import css from './TesterTabs.module.css';

/** The parts of testing a broker, as a row of links below the heading of each of them. A row of one would say nothing. */
export function TesterTabs() {
  const { t } = useTranslation();
  const { page } = useRoute();
  if (testerPages.length < 2) return null;
  return (
    <nav className={css.tabs} aria-label={t('app.testerTabs.label')}>
      {testerPages.map((each) => (
        <a key={each} href={hrefOf(each)} aria-current={each === page ? 'page' : undefined}>
          {t(`app.testerTabs.${each}`)}
        </a>
      ))}
    </nav>
  );
}
