import { z } from 'zod';
import { brokerTargets } from '../model/broker.ts';
import { standardDefaults } from '../model/defaults.ts';
import { keyAlgorithms } from '../model/key.ts';
import { brokerDays, brokerPort, country, deviceDays, dnText } from './plan.ts';

const empty = z.literal('');

/** The fields of the defaults, each held to what a plan allows: a default that a plan refuses would be a trap. */
const fields = {
  operator: z.union([empty, dnText(64)]),
  organisation: z.union([empty, dnText(64)]),
  country: z.union([empty, country]),
  key: z.enum(keyAlgorithms),
  deviceDays,
  brokerDays,
  port: brokerPort,
  target: z.enum(brokerTargets),
  encryptKeys: z.boolean(),
};

/** A part of the defaults, as it is changed. */
export const defaultsChange = z.strictObject(fields).partial();

/** All defaults; what is missing or no longer allowed is the standard. */
export const defaultsSchema = z.object({
  operator: fields.operator.catch(standardDefaults.operator),
  organisation: fields.organisation.catch(standardDefaults.organisation),
  country: fields.country.catch(standardDefaults.country),
  key: fields.key.catch(standardDefaults.key),
  deviceDays: fields.deviceDays.catch(standardDefaults.deviceDays),
  brokerDays: fields.brokerDays.catch(standardDefaults.brokerDays),
  port: fields.port.catch(standardDefaults.port),
  target: fields.target.catch(standardDefaults.target),
  encryptKeys: fields.encryptKeys.catch(standardDefaults.encryptKeys),
});
