import { keepPreviousData, QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import type { CallName } from '../../../shared/bridge.ts';
import type { CallInput, CallOutput } from '../../../shared/contract.ts';
import { type BridgeError, call } from './client.ts';

const minute = 60_000;

/**
 * One client per window. 'always': the bridge does not need a network, and this laptop is mostly offline.
 * No retries: main answers at once and for sure; trying again is the person's decision.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { networkMode: 'always', retry: false, staleTime: minute, gcTime: 5 * minute, refetchOnWindowFocus: false },
  },
});

interface CallOptions {
  readonly enabled?: boolean;
  /** Shows the answer to the previous input until the new one is there (search as you type). */
  readonly keepPrevious?: boolean;
}

/**
 * Query options of one call. Never for calls with a secret: the input becomes the cache key.
 * Those, and everything that changes something, go through useAction.
 */
export function callOptions<N extends CallName>(name: N, input: CallInput<N>, options: CallOptions = {}) {
  return queryOptions<CallOutput<N>, BridgeError>({
    queryKey: [name, input],
    queryFn: () => call<CallName>(name, input) as Promise<CallOutput<N>>,
    enabled: options.enabled ?? true,
    ...(options.keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

export function useCall<N extends CallName>(name: N, input: CallInput<N>, options?: CallOptions) {
  return useQuery(callOptions(name, input, options));
}
