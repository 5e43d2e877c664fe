/** Recipients for which the simulator does something particular, and what: the ones worth trying first. */
export const SIMULATED = [
  { phone: "+12025550100", does: "accounts.n100" },
  { phone: "+12025550101", does: "accounts.n101" },
  { phone: "+12025550103", does: "accounts.n103" },
  { phone: "+12025550104", does: "accounts.n104" },
  { phone: "+12025550111", does: "accounts.n111" },
  { phone: "+12025550113", does: "accounts.n113" },
  { phone: "+12025550121", does: "accounts.n121" },
  { phone: "+12025550118", does: "accounts.n118" },
  { phone: "+12025550119", does: "accounts.n119" },
] as const;
