import { useQuery } from "@tanstack/react-query"
import type { SampleOffer, SampleView } from "../../src/api/contract/sample.ts"
import { get } from "../client.ts"

const sampleQuery = {
  queryKey: ["sample"],
  queryFn: async () => (await get<{ sample: SampleView }>("/api/v1/sample")).sample,
  staleTime: Number.POSITIVE_INFINITY,
}

/** The sample company, when this is one; asked once, and again each few seconds where its stream is shown. */
export function useSample(follow = false): SampleView {
  const { data } = useQuery({
    ...sampleQuery,
    refetchInterval: ({ state }) => (follow && state.data ? 2_000 : false),
  })
  return data ?? null
}

/** Whether a sample company can be started beside this one, and how far it has got. */
export function useOffer(): SampleOffer | undefined {
  const { data } = useQuery({
    queryKey: ["sample", "beside"],
    queryFn: () => get<SampleOffer>("/api/v1/sample/beside"),
    refetchInterval: ({ state }) => (state.data?.start.state === "filling" ? 1_000 : false),
  })
  return data
}
