import { useTranslation } from 'react-i18next';
import { SelectField, TextField, Tick } from '../../../ui/Field.tsx';
import css from './Connection.module.css';
import type { PartProps } from './ConnectionEditor.tsx';
import { BytesField, PropertyRows } from './FormParts.tsx';

/** The last will with all its properties (MQTT 5 §3.1.2.5, §3.1.3.2). */
export function WillFields({ draft, change, wrong }: PartProps) {
  const { t } = useTranslation();
  const { will, hasWill, mqtt } = draft;
  const set = (part: Partial<typeof will>) => change({ will: { ...will, ...part } });
  return (
    <div className={css.stack}>
      <Tick label={t('connections.editor.hasWill')} checked={hasWill} onChange={(next) => change({ hasWill: next })} />
      {hasWill && (
        <>
          <div className={css.will}>
            <TextField
              label={t('connections.editor.topic')}
              value={will.topic}
              onChange={(topic) => set({ topic })}
              error={wrong('will.topic')}
              maxLength={65_535}
              mono
            />
            <SelectField
              label={t('connections.editor.qos')}
              value={String(will.qos)}
              options={['0', '1', '2'].map((value) => ({ value, label: value }))}
              onChange={(qos) => set({ qos: Number(qos) as 0 | 1 | 2 })}
            />
          </div>
          <BytesField
            label={t('connections.editor.payload')}
            value={will.payload}
            onChange={(payload) => set({ payload })}
            error={wrong('will.payload.text')}
          />
          <Tick label={t('connections.editor.retain')} checked={will.retain} onChange={(retain) => set({ retain })} />
          {mqtt.protocol !== '3.1.1' && (
            <>
              {mqtt.protocol === 'auto' && <p className={css.small}>{t('connections.editor.only5')}</p>}
              <div className={css.two}>
                <TextField
                  label={t('connections.editor.delay')}
                  value={will.delay}
                  onChange={(delay) => set({ delay })}
                  error={wrong('will.delay')}
                  placeholder={t('connections.editor.notSent')}
                  maxLength={10}
                  numeric
                  mono
                />
                <TextField
                  label={t('connections.editor.messageExpiry')}
                  value={will.messageExpiry}
                  onChange={(messageExpiry) => set({ messageExpiry })}
                  error={wrong('will.messageExpiry')}
                  placeholder={t('connections.editor.notSent')}
                  maxLength={10}
                  numeric
                  mono
                />
                <TextField
                  label={t('connections.editor.contentType')}
                  value={will.contentType}
                  onChange={(contentType) => set({ contentType })}
                  error={wrong('will.contentType')}
                  placeholder={t('connections.editor.notSent')}
                  maxLength={65_535}
                  mono
                />
                <TextField
                  label={t('connections.editor.responseTopic')}
                  value={will.responseTopic}
                  onChange={(responseTopic) => set({ responseTopic })}
                  error={wrong('will.responseTopic')}
                  placeholder={t('connections.editor.notSent')}
                  maxLength={65_535}
                  mono
                />
              </div>
              <BytesField
                label={t('connections.editor.correlationData')}
                value={will.correlationData}
                onChange={(correlationData) => set({ correlationData })}
                error={wrong('will.correlationData.text')}
              />
              <Tick label={t('connections.editor.utf8')} checked={will.utf8} onChange={(utf8) => set({ utf8 })} />
              <PropertyRows
                values={will.userProperties}
                onChange={(userProperties) => set({ userProperties })}
                problem={(index, field) => wrong(`will.userProperties[${index}].${field}`)}
              />
            </>
          )}
        </>
      )}
    </div>
  );
}
