# The measured law in Rego: the same provisions as bench-ru.md and bench-us.md. Days are whole numbers, yyyymmdd.
package law

import rego.v1

ru if input.from == "RU"

us if input.from == "US"

us if input.us_content >= 10

partner if input.to in {"DE", "FR"}

partner if {
	input.to == "BR"
	input.date >= 19951027
}

partner if {
	input.to == "KR"
	input.date >= 20010326
}

group_d4 if input.to in {"CN", "IQ", "IR", "KP", "LY", "PK", "SY"}

group_d4 if {
	input.to == "AE"
	input.date >= 19960325
	input.date <= 20251231
}

group_d4 if {
	input.to == "IN"
	input.date >= 19960325
	input.date <= 20040930
}

rocket_system if input.kind in {"ballistic-missile", "space-launch-vehicle", "sounding-rocket"}

weapon_use if {
	some use in input.uses
	use in {"missile", "nuclear", "chemical", "biological"}
}

# Each provision's own condition, in force.

ru_category_1 if {
	ru
	rocket_system
	input.range >= 300
	input.payload >= 500
	input.act in {"export", "reexport"}
	input.date >= 19930111
}

ru_category_2 if {
	ru
	rocket_system
	input.range >= 300
	input.act in {"export", "reexport"}
	input.date >= 19930111
}

ru_space_cooperation if {
	ru
	input.kind == "space-launch-vehicle"
	partner
	"space_launch" in input.uses
	input.date >= 19960101
}

ru_no_cooperation if {
	ru
	some use in input.uses
	use in {"missile", "military"}
	input.date >= 19960101
}

us_missile_technology if {
	us
	group_d4
	input.kind in {"ring-laser-gyro", "mechanical-gyro", "accelerometer", "lathe", "flow-forming-machine"}
	input.us_content >= 25
	input.date >= 19960325
}

us_civil_end_use if {
	us
	"civil" in input.uses
	not "missile" in input.uses
	not "nuclear" in input.uses
	not "military" in input.uses
	input.informed == false
	input.date >= 19970101
	input.date <= 20031231
}

# Exceptions lift what they name.

ru_space_lifts if {
	ru_space_cooperation
	not ru_no_cooperation
}

ru_cooperation_would_lift if ru_category_1

ru_cooperation_would_lift if ru_category_2

# Effects, strongest first.

prohibited if {
	ru_category_1
	not ru_space_lifts
}

prohibited if {
	ru
	weapon_use
	not partner
	input.date >= 19980122
	input.date <= 19990728
}

prohibited if {
	us
	input.from == "US"
	input.to == "IR"
	input.date >= 19950507
}

presumption_of_denial if {
	ru
	input.kind in {"ring-laser-gyro", "mechanical-gyro", "accelerometer"}
	input.to in {"IR", "IQ", "KP", "LY", "SY"}
	input.date >= 19950630
	input.date <= 20001130
}

presumption_of_denial if {
	ru_no_cooperation
	ru_space_cooperation
}

licence_required if {
	ru_category_2
	not ru_space_lifts
}

licence_required if {
	ru
	weapon_use
	not partner
	input.date >= 19990729
}

licence_required if {
	ru
	input.informed
	input.date >= 19950101
}

licence_required if {
	us
	input.act == "reexport"
	input.to == "IR"
	input.us_content >= 10
	input.date >= 19950507
}

licence_required if {
	us_missile_technology
	not us_civil_end_use
}

notify if {
	ru_space_lifts
	ru_cooperation_would_lift
}

covered_by_licence if {
	us_civil_end_use
	us_missile_technology
}

default outcome := "no_licence_required"

outcome := "prohibited" if {
	prohibited
} else := "presumption_of_denial" if {
	presumption_of_denial
} else := "licence_required" if {
	licence_required
} else := "notify" if {
	notify
} else := "covered_by_licence" if {
	covered_by_licence
}
