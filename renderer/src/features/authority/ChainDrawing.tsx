import { IconCertificate, IconCpu, IconEye, IconServer2, IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateSummary } from '../../../../shared/model/certificate.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { LifeBar } from '../../ui/LifeBar.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import css from './ChainDrawing.module.css';
import type { Branch } from './tree.ts';

interface Props {
  readonly tree: readonly Branch[];
  readonly devices: number;
  readonly chosen: number | null;
  readonly onChoose: (certificateId: number) => void;
}

const leafIcons = { broker: IconServer2, observer: IconEye } as const;

/** The chain from the root down. Each box is a button that shows its certificate; the lines say who signed. */
export function ChainDrawing({ tree, devices, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <Panel className={css.panel} title={t('authority.chain.title')} aside={t('authority.chain.hint')}>
      <ol className={css.chain}>
        {tree.map(({ authority, depth, signed, issues, continues }) => (
          <li key={authority.authorityId} data-depth={Math.min(depth, 1)}>
            <Box
              role={roleOf(
                t(depth === 0 ? 'authority.chain.root' : 'authority.chain.site'),
                authority.outside && t('authority.all.outside'),
              )}
              name={authority.name}
              icon={depth === 0 ? <IconShieldCheck size={24} stroke={1.6} /> : <IconCertificate size={24} stroke={1.6} />}
              certificate={authority.certificate}
              chosen={chosen}
              onChoose={onChoose}
            />
            {(issues || signed.length > 0) && (
              <ul
                className={css.leaves}
                data-continues={continues || undefined}
                aria-label={t('authority.chain.signs', { name: authority.name })}
              >
                {signed.map(({ role, certificate }) => {
                  const Sign = leafIcons[role];
                  return (
                    <li key={certificate.id}>
                      <Box
                        role={t(`authority.chain.${role}`)}
                        name={certificate.commonName}
                        icon={<Sign size={24} stroke={1.6} />}
                        certificate={certificate}
                        chosen={chosen}
                        onChoose={onChoose}
                      />
                    </li>
                  );
                })}
                {issues && (
                  <li>
                    <a className={css.box} href={hrefOf('devices')}>
                      <IconCpu size={24} stroke={1.6} aria-hidden />
                      <span>
                        <span className={css.small}>{t('authority.chain.devices')}</span>
                        <b>{t('authority.chain.deviceCount', { count: devices })}</b>
                      </span>
                    </a>
                  </li>
                )}
              </ul>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** `Root · of somebody else`. */
function roleOf(role: string, outside: string | false): string {
  return outside ? `${role} · ${outside}` : role;
}

interface BoxProps {
  readonly role: string;
  readonly name: string;
  readonly icon: ReactNode;
  readonly certificate: CertificateSummary;
  readonly chosen: number | null;
  readonly onChoose: (certificateId: number) => void;
}

function Box({ role, name, icon, certificate, chosen, onChoose }: BoxProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const when = format.relative(certificate.notAfter, now);
  return (
    <button
      type="button"
      className={css.box}
      aria-pressed={certificate.id === chosen}
      title={format.exact(certificate.notAfter)}
      onClick={() => onChoose(certificate.id)}
    >
      <span className={css.icon} aria-hidden>
        {icon}
      </span>
      <span>
        <span className={css.small}>{role}</span>
        <b>{name}</b>
        <LifeBar life={certificate} wide />
        <span className={css.small}>
          {now > certificate.notAfter ? t('authority.chain.over', { when }) : t('authority.chain.until', { when })}
        </span>
      </span>
    </button>
  );
}
