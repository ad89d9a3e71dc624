import { z } from 'zod';
import { connectionCauses } from '../model/connection.ts';
import { publishProperties } from './publish.ts';
