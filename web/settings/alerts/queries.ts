import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query"
import type {
  AlertSettingsView,
  CardPreview,
  DeliveryCounts,
  DeliveryRow,
  RobotChange,
  RobotRow,
} from "../../../src/api/contract/alerts.ts"
import type { Page } from "../../../src/api/contract.ts"
import { get, post, put, remove } from "../../client.ts"
import { useLive } from "../../live.ts"

/** How one message went. */
export type Outcome = {
  id: string
  state: DeliveryRow["state"]
  why: string | null
  platform: { code: string; message: string } | null
}

/** The robots, with what each sent this minute. */
export function useRobots() {
  const client = useQueryClient()
  useLive("alerts", () => void client.invalidateQueries({ queryKey: ["alerts"] }))
  return useQuery({
    queryKey: ["alerts", "robots"],
    queryFn: () => get<{ items: RobotRow[] }>("/api/v1/robots"),
    refetchInterval: 15_000,
  })
}
/** What was sent, the latest first; only what was given up, where asked. */
export const useDeliveries = (dead: boolean, robot: string | null) =>
  useInfiniteQuery({
    queryKey: ["alerts", "deliveries", dead, robot],
    queryFn: ({ pageParam }) =>
      get<Page<DeliveryRow>>("/api/v1/deliveries", {
        state: dead ? "dead" : null,
        robot,
        cursor: pageParam,
      }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
/** How many were sent today, wait and were given up. */
export const useDeliveryCounts = () =>
  useQuery({
    queryKey: ["alerts", "counts"],
    queryFn: () => get<DeliveryCounts>("/api/v1/deliveries/counts"),
    refetchInterval: 15_000,
  })
/** The card that a robot's group saw last, or an example. */
export const usePreview = (robot: string) =>
  useQuery({
    queryKey: ["alerts", "preview", robot],
    queryFn: () => get<CardPreview>(`/api/v1/robots/${robot}/preview`),
  })
/** When warnings go to the head, the digest and the mail server. */
export const useAlertSettings = () =>
  useQuery({
    queryKey: ["alerts", "settings"],
    queryFn: () => get<AlertSettingsView>("/api/v1/alert-settings"),
  })

function useChanging<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  })
}

/** Adds or changes a robot; answers its id. */
export const useSaveRobot = () =>
  useChanging(({ id, ...robot }: RobotChange & { id: string | null }) =>
    id === null
      ? post<{ id: string }>("/api/v1/robots", robot)
      : put<{ id: string }>(`/api/v1/robots/${id}`, robot),
  )
export const useRemoveRobot = () => useChanging((id: string) => remove(`/api/v1/robots/${id}`))
export const useTestRobot = () => useChanging((id: string) => post<Outcome>(`/api/v1/robots/${id}/test`))
export const useRetry = () => useChanging((id: string) => post<Outcome>(`/api/v1/deliveries/${id}/retry`))
export const useSaveSettings = () =>
  useChanging((settings: Pick<AlertSettingsView, "escalateMinutes" | "digestAt">) =>
    put("/api/v1/alert-settings", settings),
  )
export const useSaveMail = () =>
  useChanging(
    (mail: (Omit<NonNullable<AlertSettingsView["mail"]>, "hasPassword"> & { password?: string }) | null) =>
      put("/api/v1/alert-settings/mail", mail),
  )
