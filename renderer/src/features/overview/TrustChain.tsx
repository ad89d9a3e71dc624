import { IconArrowRight } from '@tabler/icons-react';
import { Fragment, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { ChainDetail } from './ChainDetail.tsx';
import { chainOf, type Link } from './chain.ts';
import grid from './Overview.module.css';
import css from './TrustChain.module.css';

type Overview = CallOutput<'project.overview'>;

interface Props {
  readonly authorities: Overview['authorities'];
  readonly broker: NonNullable<Overview['broker']>['certificate'];
}

/** Who vouches for whom, from the root to the broker. Each link opens to its fingerprint. */
export function TrustChain({ authorities, broker }: Props) {
  const { t } = useTranslation();
  const detail = useId();
  const [open, setOpen] = useState<number | null>(null);
  const links = chainOf(authorities, broker);
  const shown = links.find((link) => link.certificate.id === open);
  return (
    <Panel className={grid.wide} title={t('overview.chain.title')} aside={t('overview.chain.hint')}>
      <ol className={css.chain}>
        {links.map((link, index) => (
          <Fragment key={link.certificate.id}>
            {index > 0 && (
              <li className={css.arrow} aria-hidden>
                <IconArrowRight size={22} stroke={1.6} />
              </li>
            )}
            <li>
              <LinkButton
                link={link}
                open={link.certificate.id === open}
                controls={detail}
                onToggle={() => setOpen(link.certificate.id === open ? null : link.certificate.id)}
              />
            </li>
          </Fragment>
        ))}
      </ol>
      <div id={detail} aria-live="polite">
        {shown && (
          <ChainDetail key={shown.certificate.id} certificateId={shown.certificate.id} name={shown.name} crl={shown.crl} />
        )}
      </div>
    </Panel>
  );
}

interface LinkButtonProps {
  readonly link: Link;
  readonly open: boolean;
  readonly controls: string;
  readonly onToggle: () => void;
}

function LinkButton({ link, open, controls, onToggle }: LinkButtonProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { notAfter } = link.certificate;
  const when = format.relative(notAfter, now);
  return (
    <button
      type="button"
      className={css.link}
      aria-expanded={open}
      aria-controls={controls}
      title={format.exact(notAfter)}
      onClick={onToggle}
    >
      <span>{t(`overview.chain.${link.role}`)}</span>
      <b>{link.name}</b>
      <span>{now > notAfter ? t('overview.chain.over', { when }) : t('overview.chain.until', { when })}</span>
    </button>
  );
}
