// Package metasim is a simulator of Meta's WhatsApp Cloud API: the Graph routes
// that a business calls, the webhooks that Meta sends, and the phones of the
// people at the other end.
//
// It knows nothing of Parley's own client: it implements the protocol a second
// time, from Meta's pages, so that it can judge the client. It must never reach
// another machine: webhooks go to addresses of this one only.
//
// Everything that is left to chance is drawn from the seed and from what it is
// drawn for, so that a run can be repeated although requests arrive in any
// order. Time does not stand still for it: Age moves all that the simulator
// remembers into the past, so that a day can go by at once.
//
// A recipient whose number ends in six digits that are an error code gets that
// error; short codes are written 9 and five digits, such as 900190:
//
//	refused at once: 900001 900002 900003 900004 900010 900100 900190 900368
//	  980007 130403 130429 130497 131000 131005 131008 131009 131016 131021
//	  131030 131031 131037 131042 131045 131048 131051 131055 131056 131057
//	  131062 131063 131064 132000 132001 132005 132007 132008 132012 132015
//	  132016 132018 132068 132069 133004 133010 135000
//	accepted, then failed: 130472 131026 131047 131049 131050 131052 131053
package metasim
