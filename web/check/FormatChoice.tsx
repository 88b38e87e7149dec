import { Button, Select } from "antd"
import { useState } from "react"
import { useChannelName } from "../board/names.ts"
import { useWords } from "../words/words.ts"
import { Safe } from "./Drop.tsx"
import type { Choice, HandMapping } from "./protocol.ts"
import type { Phase } from "./useCheck.ts"

type Unknown = Extract<Phase, { is: "unknown" }>
type Field = Exclude<keyof HandMapping, "timezone">

const fields: { key: Field; needed: boolean; guess: RegExp }[] = [
  { key: "orderNo", needed: true, guess: /订单(编)?号|單號|^order[ _.-]?(id|no|number)$|^id$/i },
  { key: "paidAt", needed: true, guess: /(付款|支付)(完成)?(时间|時間)|paid|payment|approved/i },
  {
    key: "shippedAt",
    needed: false,
    guess: /(发货|出库|發貨|出貨)(时间|時間)|shipped|carrier_date|fulfil+ed/i,
  },
  { key: "preparedAt", needed: false, guess: /(备货|配货|打包|備貨)(完成)?(时间|時間)|prepared|packed/i },
  {
    key: "promisedShipAt",
    needed: false,
    guess: /(承诺|最晚|承諾).*(发货|發貨|出貨)|ship.?by|promised|limit/i,
  },
  { key: "name", needed: false, guess: /商品(名称|标题|名稱)|宝贝标题|product|title|^name$/i },
]

/** A file of no platform that is known: choose one, or say which columns are which. */
export function FormatChoice({
  unknown,
  onChoose,
}: {
  unknown: Unknown
  onChoose: (choice: Choice) => void
}) {
  const { t } = useWords()
  const channelName = useChannelName()
  const { headers, samples, presets } = unknown
  const [chosen, setChosen] = useState<Partial<Record<Field, string>>>(() =>
    Object.fromEntries(fields.map(({ key, guess }) => [key, headers.find((header) => guess.test(header))])),
  )
  const [timezone, setTimezone] = useState("Asia/Shanghai")
  const options = headers
    .filter((header) => header !== "")
    .map((header) => ({ value: header, label: header }))
  const ready = chosen.orderNo !== undefined && chosen.paidAt !== undefined
  const byHand = () => {
    const { orderNo, paidAt } = chosen
    if (orderNo === undefined || paidAt === undefined) return
    const of = (key: Field) => chosen[key] ?? null
    onChoose({
      how: "hand",
      mapping: {
        orderNo,
        paidAt,
        shippedAt: of("shippedAt"),
        preparedAt: of("preparedAt"),
        promisedShipAt: of("promisedShipAt"),
        name: of("name"),
        timezone,
      },
    })
  }
  return (
    <main className="check-body">
      <h1 className="headline small">{t("check.unknown.headline")}</h1>
      <p className="t2 lead">{t("check.unknown.lead")}</p>
      <h2>{t("check.unknown.platform")}</h2>
      <div className="platform-choice">
        {presets.map(({ name, channel }) => (
          <Button key={name} size="small" onClick={() => onChoose({ how: "preset", name })}>
            {channelName(channel)}
          </Button>
        ))}
      </div>
      <h2>{t("check.unknown.columns")}</h2>
      <div className="hand-mapping">
        {fields.map(({ key, needed }) => (
          <label key={key} htmlFor={`column-${key}`}>
            <span>
              {t(`check.column.${key}`)}
              {!needed && <em className="t3 s">{t("check.unknown.ifAny")}</em>}
            </span>
            <Select
              id={`column-${key}`}
              showSearch
              allowClear={!needed}
              value={chosen[key] ?? null}
              options={options}
              placeholder={t("check.unknown.none")}
              onChange={(value: string | undefined) =>
                setChosen((before) => {
                  const { [key]: _gone, ...rest } = before
                  return value ? { ...rest, [key]: value } : rest
                })
              }
            />
            <span className="t3 s el sample">{sampleOf(chosen[key], headers, samples)}</span>
          </label>
        ))}
        <label htmlFor="column-timezone">
          <span>{t("check.column.timezone")}</span>
          <Select
            id="column-timezone"
            showSearch
            value={timezone}
            onChange={setTimezone}
            options={Intl.supportedValuesOf("timeZone").map((value) => ({ value, label: value }))}
          />
          <span />
        </label>
      </div>
      <Button type="primary" size="large" disabled={!ready} onClick={byHand}>
        {t("check.unknown.go")}
      </Button>
      <Safe />
    </main>
  )
}

/** What stands in a column, so that one sees whether it is the right one. */
function sampleOf(
  header: string | undefined,
  headers: readonly string[],
  samples: readonly string[][],
): string {
  if (header === undefined) return ""
  const place = headers.indexOf(header)
  return samples
    .map((cells) => cells[place] ?? "")
    .filter((cell) => cell !== "")
    .join("  ·  ")
}
