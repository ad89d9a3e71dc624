import type { ConnectionFailure, ConnectionPhase } from '../../shared/model/connection.ts';
import type { PackedMessages } from '../../shared/model/packed-messages.ts';
import type { ProofObserved, RefusalTest } from '../../shared/model/proof.ts';
import type { PublishProperties } from '../../shared/model/publish-properties.ts';
