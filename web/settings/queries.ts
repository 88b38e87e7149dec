import { type QueryKey, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { NoticeTemplate } from "../../src/api/contract/causes.ts"
import type { DepartmentRow, InvitationRow, PersonRow, PersonView } from "../../src/api/contract/people.ts"
import type {
  ChannelsView,
  GatewayView,
  PartnerView,
  PolicyView,
  SetupView,
  TypeRulesView,
  WarehouseView,
} from "../../src/api/contract/settings.ts"
import { get } from "../client.ts"

type List<Item> = { items: Item[] }

/** How far setup has come, and how many there are of each thing. */
export const useSetup = (enabled = true) =>
  useQuery({ queryKey: ["settings", "setup"], queryFn: () => get<SetupView>("/api/v1/setup"), enabled })
export const usePeople = () =>
  useQuery({ queryKey: ["settings", "people"], queryFn: () => get<List<PersonRow>>("/api/v1/people") })
export const usePerson = (id: string) =>
  useQuery({
    queryKey: ["settings", "people", id],
    queryFn: () => get<PersonView>(`/api/v1/people/${id}`),
  })
export const useInvitations = () =>
  useQuery({
    queryKey: ["settings", "invitations"],
    queryFn: () => get<List<InvitationRow>>("/api/v1/invitations"),
  })
export const useDepartments = () =>
  useQuery({
    queryKey: ["settings", "departments"],
    queryFn: () => get<List<DepartmentRow>>("/api/v1/departments"),
  })
export const useChannels = () =>
  useQuery({
    queryKey: ["settings", "channels"],
    queryFn: () => get<ChannelsView>("/api/v1/channels"),
    // While orders are judged again their number is worth watching.
    refetchInterval: ({ state }) =>
      state.data?.rejudging && state.data.rejudging.finishedAt === null ? 2_000 : false,
  })
/** While orders are told of other rules, how many are left is asked again. */
export const useTypeRules = () =>
  useQuery({
    queryKey: ["settings", "types"],
    queryFn: () => get<TypeRulesView>("/api/v1/type-rules"),
    refetchInterval: ({ state }) => (state.data && state.data.behind > 0 ? 5_000 : false),
  })
export const usePolicy = () =>
  useQuery({ queryKey: ["settings", "policy", "parts"], queryFn: () => get<PolicyView>("/api/v1/policy") })
/** The company's messages to customers. */
export const useNoticeTemplates = () =>
  useQuery({
    queryKey: ["notices", "templates"],
    queryFn: () => get<NoticeTemplate[]>("/api/v1/notices/templates"),
  })
export const useGateway = () =>
  useQuery({ queryKey: ["settings", "gateway"], queryFn: () => get<GatewayView>("/api/v1/gateway") })
export const useWarehouses = () =>
  useQuery({
    queryKey: ["settings", "warehouses"],
    queryFn: () => get<List<WarehouseView> & { unknown: { id: string; n: number }[] }>("/api/v1/warehouses"),
  })
export const usePartners = () =>
  useQuery({ queryKey: ["settings", "partners"], queryFn: () => get<List<PartnerView>>("/api/v1/partners") })

/** An act on the settings; everything shown of them is asked for again afterwards. */
export function useAct<Values, Answer = unknown>(
  act: (values: Values) => Promise<Answer>,
  also: QueryKey[] = [],
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: () =>
      Promise.all(
        [["settings"] as QueryKey, ...also].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  })
}
