import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLimits } from '../../../../shared/model/broker-log.ts';
import { checkNetwork } from '../../../../shared/rules/network.ts';
import { TextField } from '../../ui/Field.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TagField } from '../../ui/TagField.tsx';
import css from './BrokerLog.module.css';
import { changeLimits } from './store.ts';

const most = 100_000;

/** What counts as an alarm. A change judges what was read anew, at once. */
export function Limits({ limits }: { readonly limits: LogLimits }) {
  const { t } = useTranslation();
  const [failures, setFailures] = useState(String(limits.failuresPerMinute));
  const [networks, setNetworks] = useState<readonly string[] | null>(null);
  const shown = networks ?? limits.networks;
  const count = /^\d{1,6}$/.test(failures.trim()) ? Number(failures) : Number.NaN;
  const right = count >= 1 && count <= most;
  const takeNetworks = (next: readonly string[]) => {
    const sound = next.every((each) => checkNetwork(each).length === 0);
    // what cannot be read stays in the field, marked, and is not judged by
    setNetworks(sound ? null : next);
    if (sound) void changeLimits({ ...limits, networks: next }, true);
  };
  return (
    <Panel title={t('log.limits.title')}>
      <div className={css.limits}>
        <TextField
          label={t('log.limits.failures')}
          hint={t('log.limits.failuresHint')}
          error={!right && t('log.limits.failuresWrong')}
          value={failures}
          numeric
          maxLength={6}
          onChange={(text) => {
            setFailures(text);
            const next = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
            if (next >= 1 && next <= most) void changeLimits({ ...limits, failuresPerMinute: next }, true);
          }}
        />
        <TagField
          label={t('log.limits.networks')}
          hint={t('log.limits.networksHint')}
          placeholder="192.168.100.0/24"
          values={shown}
          check={checkNetwork}
          onChange={takeNetworks}
        />
      </div>
    </Panel>
  );
}
