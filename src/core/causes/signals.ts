import type { Detectors } from "./signals/detector.ts"
import { goodsSignals } from "./signals/goods.ts"
import { handlingSignals } from "./signals/handling.ts"
import { orderSignals } from "./signals/order.ts"

/** Every signal of the taxonomy by its code. */
export const detectors: Detectors = { ...orderSignals, ...goodsSignals, ...handlingSignals }
