import { Plus, X } from "lucide-react"
import type { WarehouseView } from "../../src/api/contract/settings.ts"
import { post } from "../client.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { TypedWord } from "../marks/Word.tsx"
import { useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { useAct, useWarehouses } from "./queries.ts"
import { Trouble } from "./Trouble.tsx"

type Wish = Omit<WarehouseView, "closedAt"> & { closed?: boolean }
const time = /^([01]?\d|2[0-3])[:：]?([0-5]\d)?$/

/** The times of day in a text, each as `16:00`; what is none is left out. */
export const timesOf = (text: string): string[] =>
  text
    .split(/[\s,，、;；]+/)
    .map((each) => time.exec(each))
    .filter((found) => found !== null)
    .map(([, hour, minute = "00"]) => `${hour!.padStart(2, "0")}:${minute}`)
    .sort()

/** Warehouses, a sentence each: where they are, and by when each carrier must have its parcels. */
export default function WarehousesSection() {
  const { t } = useWords()
  const { may } = useWho()
  const warehouses = useWarehouses()
  const save = useAct((wish: Wish) => post("/api/v1/warehouses", wish))
  if (warehouses.error)
    return <ErrorState error={warehouses.error} onRetry={() => void warehouses.refetch()} />
  if (!warehouses.data) return <Skeleton rows={3} />
  const open = warehouses.data.items.filter(({ closedAt }) => closedAt === null)
  const disabled = !may("act", "settings")
  const add = (id: string) =>
    id !== "" &&
    save.mutate({ id, name: id, region: "", carriers: [], position: warehouses.data.items.length + 1 })
  return (
    <div className="sentences">
      {open.map((each) => (
        <Warehouse
          key={each.id}
          warehouse={each}
          disabled={disabled}
          onChange={(some) => {
            const { closedAt: _, ...own } = each
            save.mutate({ ...own, ...some })
          }}
        />
      ))}
      {!disabled && (
        <div className="shop more">
          <Plus size={15} className="t3" />
          <p>
            {t("settings.warehouses.add")}
            <TypedWord
              value=""
              label={t("settings.warehouses.name")}
              placeholder={t("settings.warehouses.placeholder")}
              onChange={add}
            />
          </p>
        </div>
      )}
      <Trouble error={save.error} />
      {warehouses.data.unknown.length > 0 && !disabled && (
        <div className="effect">
          <h2>{t("settings.warehouses.unknown")}</h2>
          <div className="chips">
            {warehouses.data.unknown.map(({ id, n }) => (
              <button key={id} type="button" className="chip" onClick={() => add(id)}>
                <Plus size={13} />
                {id} <span className="t3">{t("settings.warehouses.orders", { n })}</span>
              </button>
            ))}
          </div>
        </div>
      )}
    </div>
  )
}

type Props = { warehouse: WarehouseView; disabled: boolean; onChange: (some: Partial<Wish>) => void }

function Warehouse({ warehouse, disabled, onChange }: Props) {
  const { t } = useWords()
  const { carriers } = warehouse
  const set = (index: number, own: WarehouseView["carriers"][number] | null) =>
    onChange({ carriers: carriers.flatMap((each, i) => (i === index ? (own ? [own] : []) : [each])) })
  return (
    <div className="shop">
      <TypedWord
        value={warehouse.name}
        label={t("settings.warehouses.name")}
        disabled={disabled}
        onChange={(name) => name !== "" && onChange({ name })}
      />
      <div>
        <p>
          {t("settings.warehouses.in")}
          <TypedWord
            value={warehouse.region}
            label={t("settings.warehouses.region")}
            placeholder={t("settings.warehouses.where")}
            disabled={disabled}
            onChange={(region) => onChange({ region })}
          />
          {t("settings.stop")}
        </p>
        {carriers.map((each, i) => (
          <p key={each.carrier}>
            <TypedWord
              value={each.carrier}
              label={t("settings.warehouses.carrier")}
              disabled={disabled}
              onChange={(carrier) => set(i, carrier === "" ? null : { ...each, carrier })}
            />
            {t("settings.warehouses.before")}
            <TypedWord
              value={each.cutOffs.join(t("line.and"))}
              label={t("settings.warehouses.cutOffs")}
              placeholder={["16:00", "21:00"].join(t("line.and"))}
              disabled={disabled}
              onChange={(text) => set(i, { ...each, cutOffs: timesOf(text) })}
            />
            {t("settings.warehouses.fetch")}
            {!disabled && (
              <button
                type="button"
                className="icon-button small"
                aria-label={t("settings.remove")}
                onClick={() => set(i, null)}
              >
                <X size={13} />
              </button>
            )}
          </p>
        ))}
        {!disabled && (
          <p>
            {t("settings.warehouses.also")}
            <TypedWord
              value=""
              label={t("settings.warehouses.carrier")}
              placeholder={t("settings.warehouses.someCarrier")}
              onChange={(carrier) =>
                carrier !== "" &&
                !carriers.some((each) => each.carrier === carrier) &&
                onChange({ carriers: [...carriers, { carrier, cutOffs: ["18:00"] }] })
              }
            />
          </p>
        )}
      </div>
      {!disabled && (
        <button
          type="button"
          className="icon-button"
          aria-label={t("settings.remove")}
          onClick={() => onChange({ closed: true })}
        >
          <X size={15} />
        </button>
      )}
    </div>
  )
}
