import type { PublishTemplate } from '../../../../shared/model/publish-template.ts';
import { type Filled, fillTemplate } from '../../../../shared/rules/publish-template.ts';

const encoder = new TextEncoder();

/** Fills in what would be sent now. `device`: whose name stands for `{{device}}`; empty = nobody's. */
export function filledNow(template: PublishTemplate, device: string, project: string, index: number): Filled {
  const values = {
    device: device.trim() === '' ? null : device.trim(),
    project,
    now: Date.now(),
    index,
    random: Math.random,
    uuid: () => crypto.randomUUID(),
  };
  return fillTemplate(template, values, (text) => Uint8Array.from(encoder.encode(text)));
}
