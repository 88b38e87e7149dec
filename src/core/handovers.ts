/** How long a handover may wait for the next shift before it goes to the head of the department, minutes. */
export const confirmMinutes = 30
/** How long before the end of a shift whoever has open work is reminded to hand it over, minutes. */
export const remindMinutes = 15
/** Who begins within this of a handover is the next shift, minutes. */
export const nextShiftMinutes = 90
