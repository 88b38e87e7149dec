import type { FileFact, Mapping } from "./mapping.ts"
import { plainHeader } from "./mapping.ts"

/** How a platform's export is recognised: all headers of one of these lists are there. */
export type Preset = { channel: string; title: string; detect: string[][]; mapping: Mapping }

type Words = Record<
  string,
  "shipped" | "received" | "finished" | "closed" | "refunded_after_ship" | "nothing"
>
const meaning: Record<Words[string], FileFact | null> = {
  shipped: "shipped",
  received: "delivered",
  finished: "delivered",
  closed: "cancelled",
  refunded_after_ship: "refunded",
  nothing: null,
}
const status = (column: string, words: Words): NonNullable<Mapping["status"]> => ({
  column,
  values: Object.fromEntries(Object.entries(words).map(([word, means]) => [word, meaning[means]])),
})
const chinese = [
  "yyyy-MM-dd HH:mm:ss",
  "yyyy/MM/dd HH:mm:ss",
  "yyyy/M/d H:mm",
  "yyyy/M/d H:mm:ss",
  "yyyy-M-d H:mm",
  "yyyy-M-d H:mm:ss",
]

function preset(
  channel: string,
  title: string,
  detect: string[][],
  mapping: Partial<Mapping> & Pick<Mapping, "columns">,
): Preset {
  const common = {
    name: channel,
    timezone: "Asia/Shanghai",
    datetime: chinese,
    platformStop: "shipped" as const,
  }
  return {
    channel,
    title,
    detect,
    mapping: { ...common, ...mapping, constants: { channel, currency: "CNY", ...mapping.constants } },
  }
}

/** The exports of the platforms, as merchants' tools read them in 2026. Column names change; aliases are tried in order. */
export const presets: Preset[] = [
  preset(
    "douyin",
    "抖店",
    [
      ["子订单编号", "订单提交时间"],
      ["主订单编号", "承诺发货时间"],
    ],
    {
      subOrders: true,
      platformStop: "collected",
      completedAt: ["订单完成时间"],
      columns: {
        orderNo: "子订单编号",
        parentNo: ["主订单编号", "订单编号"],
        createdAt: "订单提交时间",
        paidAt: "支付完成时间",
        shippedAt: "发货时间",
        promisedShipAt: "承诺发货时间",
        sku: ["商家编码", "商品ID"],
        name: ["选购商品", "商品名称"],
        quantity: "商品数量",
        amount: "订单应付金额",
        host: "达人昵称",
        warehouse: "仓库名称",
        receiverName: "收件人",
        receiverPhone: "收件人手机号",
        province: "省",
        city: "市",
        address: "详细地址",
      },
      status: status("订单状态", {
        待支付: "nothing",
        待发货: "nothing",
        备货中: "nothing",
        部分发货: "nothing",
        已发货: "shipped",
        已完成: "finished",
        已关闭: "closed",
      }),
    },
  ),
  preset(
    "kuaishou",
    "快手小店",
    [
      ["订单号", "预售/承诺发货时间"],
      ["订单号", "订单支付时间", "成交数量"],
    ],
    {
      presaleMark: ["预售定金支付时间"],
      columns: {
        orderNo: "订单号",
        createdAt: "订单创建时间",
        paidAt: "订单支付时间",
        depositPaidAt: "预售定金支付时间",
        promisedShipAt: "预售/承诺发货时间",
        shippedAt: "发货时间",
        carrier: "快递公司",
        trackingNo: "快递单号",
        sku: ["SKU编码", "商品ID"],
        name: "商品名称",
        quantity: "成交数量",
        amount: "实付款",
        host: "CPS达人昵称",
        warehouse: "仓库名称",
        receiverName: "收货人姓名",
        receiverPhone: "收货人电话",
        province: "收货地址-省",
        city: "收货地址-市",
        address: "收货地址",
      },
      status: status("订单状态", {
        待付款: "nothing",
        待发货: "nothing",
        已发货: "shipped",
        已收货: "received",
        交易成功: "finished",
        交易失败: "closed",
        交易关闭: "closed",
      }),
    },
  ),
  preset(
    "pinduoduo",
    "拼多多",
    [
      ["订单号", "商品", "用户实付金额(元)"],
      ["订单号", "承诺发货时间", "样式ID"],
    ],
    {
      completedAt: ["确认收货时间"],
      columns: {
        orderNo: "订单号",
        createdAt: "订单成交时间",
        paidAt: "支付时间",
        promisedShipAt: "承诺发货时间",
        shippedAt: "发货时间",
        carrier: "快递公司",
        trackingNo: "快递单号",
        sku: ["商家编码-规格维度", "商家编码-SKU维度", "商家编码-商品维度", "样式ID", "商品id"],
        name: "商品",
        quantity: "商品数量(件)",
        amount: ["用户实付金额(元)", "商家实收金额(元)"],
        receiverName: "收货人",
        receiverPhone: "手机",
        province: "省",
        city: "市",
        address: "详细地址",
      },
      status: status("订单状态", {
        待付款: "nothing",
        待发货: "nothing",
        "已发货，待收货": "shipped",
        已收货: "finished",
        "未发货，退款成功": "closed",
        "已发货，退款成功": "refunded_after_ship",
        "已收货，退款成功": "refunded_after_ship",
        "已签收，退款成功": "refunded_after_ship",
        已取消: "closed",
        "已取消，退款成功": "closed",
        "未成交，退款成功": "closed",
      }),
    },
  ),
  preset(
    "tmall",
    "千牛",
    [
      ["子订单编号", "主订单编号", "应发货时间"],
      ["子订单编号", "订单付款时间"],
    ],
    {
      name: "taobao_tmall",
      subOrders: true,
      platformStop: "collected",
      columns: {
        orderNo: "子订单编号",
        parentNo: "主订单编号",
        createdAt: "订单创建时间",
        paidAt: "订单付款时间",
        promisedShipAt: "应发货时间",
        shippedAt: "发货时间",
        carrier: "物流公司",
        trackingNo: "物流单号",
        sku: ["商家编码", "外部系统编号", "商品 ID"],
        name: "商品标题",
        quantity: "购买数量",
        amount: ["买家实付金额", "买家应付货款"],
      },
      status: status("订单状态", {
        等待买家付款: "nothing",
        "买家已付款,等待卖家发货": "nothing",
        卖家部分发货: "nothing",
        "卖家已发货,等待买家确认": "shipped",
        交易成功: "finished",
        交易关闭: "closed",
      }),
    },
  ),
  preset("taobao", "淘宝 ExportOrderList", [["订单编号", "买家会员名", "宝贝标题"]], {
    name: "taobao_legacy",
    platformStop: "collected",
    columns: {
      orderNo: "订单编号",
      shop: "店铺名称",
      createdAt: "订单创建时间",
      paidAt: "订单付款时间",
      carrier: "物流公司",
      trackingNo: "物流单号",
      name: "宝贝标题",
      quantity: "宝贝总数量",
      amount: ["买家实际支付金额", "总金额"],
      receiverName: "收货人姓名",
      receiverPhone: ["联系手机", "联系电话"],
      address: "收货地址",
    },
  }),
  preset("tiktok_shop", "TikTok Shop", [["Order ID", "RTS Time", "Seller SKU"]], {
    datetime: ["dd/MM/yyyy HH:mm:ss", ...chinese],
    skipRows: 1,
    constants: { currency: "USD" },
    columns: {
      orderNo: "Order ID",
      createdAt: "Created Time",
      paidAt: "Paid Time",
      shippedAt: "Shipped Time",
      deliveredAt: "Delivered Time",
      cancelledAt: "Cancelled Time",
      carrier: "Shipping Provider Name",
      trackingNo: "Tracking ID",
      sku: ["Seller SKU", "SKU ID"],
      name: "Product Name",
      quantity: "Quantity",
      amount: "Order Amount",
      warehouse: "Warehouse Name",
      receiverName: "Recipient",
      receiverPhone: "Phone #",
    },
  }),
  preset(
    "wechat_shop",
    "微信小店",
    [
      ["订单号", "订单下单时间"],
      ["订单号", "下单时间", "商品编码(平台)"],
    ],
    {
      completedAt: ["订单确认收货时间"],
      columns: {
        orderNo: "订单号",
        createdAt: ["订单下单时间", "下单时间"],
        paidAt: "支付时间",
        shippedAt: "订单发货时间",
        carrier: "物流公司",
        trackingNo: "快递单号",
        sku: ["SKU编码(自定义)", "商品编码(自定义)", "商品编码(平台)"],
        name: "商品名称",
        quantity: "商品数量",
        amount: "订单实际支付金额",
        host: "带货账号昵称",
        receiverName: "收件人姓名",
        receiverPhone: "收件人手机",
        province: "省",
        city: "市",
        address: "收件人地址",
      },
      status: status("订单状态", {
        待付款: "nothing",
        待发货: "nothing",
        部分发货: "nothing",
        待收货: "shipped",
        已完成: "finished",
        已取消: "closed",
      }),
    },
  ),
  preset(
    "xiaohongshu",
    "小红书",
    [
      ["订单号", "承诺发货时间", "规格ID"],
      ["订单号", "订单创建时间", "小红书编码"],
    ],
    {
      completedAt: ["订单完成时间"],
      presaleMark: ["预售订单截止发货时间"],
      columns: {
        orderNo: "订单号",
        createdAt: "订单创建时间",
        paidAt: "支付时间",
        promisedShipAt: "承诺发货时间",
        presaleShipBy: "预售订单截止发货时间",
        shippedAt: "订单发货时间",
        carrier: "快递公司",
        trackingNo: "快递单号",
        sku: ["商家编码", "小红书编码", "条形码", "规格ID", "商品ID"],
        name: ["商品名称", "SKU名称"],
        quantity: "SKU件数",
        amount: ["商家应收金额(元)（支付金额）", "用户应付金额(元)"],
        host: "达人名称",
        warehouse: "发货仓库",
        receiverName: "收件人姓名",
        receiverPhone: "收件人电话",
        province: "省",
        city: "市",
        address: "收件人地址",
      },
      status: status("订单状态", {
        待付款: "nothing",
        待配货: "nothing",
        配货中: "nothing",
        待发货: "nothing",
        部分发货: "nothing",
        已发货: "shipped",
        待收货: "shipped",
        已完成: "finished",
        已取消: "closed",
        已关闭: "closed",
      }),
    },
  ),
]

/** The preset of a name: its own (`douyin`, `taobao_tmall`) or its channel's. */
export const presetNamed = (name: string): Preset | undefined =>
  presets.find((each) => each.mapping.name === name) ?? presets.find((each) => each.channel === name)

/** How many rows from the top a header may stand. */
export const headerRowsMax = 20

/** Recognises a platform by the first rows of a file; the header need not be the first. */
export function recognise(rows: readonly (readonly string[])[]): { preset: Preset; row: number } | null {
  for (const [row, cells] of rows.slice(0, headerRowsMax).entries()) {
    const there = new Set(cells.map(plainHeader))
    for (const preset of presets)
      if (preset.detect.some((all) => all.every((each) => there.has(plainHeader(each)))))
        return { preset, row }
  }
  return null
}

/** The row in which most of a mapping's headers stand; null when none of the first rows has its order number. */
export function headerRow(mapping: Mapping, rows: readonly (readonly string[])[]): number | null {
  const wanted = [mapping.columns.orderNo]
    .flat()
    .filter((each): each is string => typeof each === "string")
    .map(plainHeader)
  const row = rows
    .slice(0, headerRowsMax)
    .findIndex((cells) => cells.some((each) => wanted.includes(plainHeader(each))))
  return row < 0 ? null : row
}
