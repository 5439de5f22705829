## Holidays: how working days are counted

calendar-title = Holidays of { $year }
calendar-lede = The clocks of introductions count working days. Saturdays and Sundays are days of rest; listed here are the days off and the weekend days that are worked to make up for them. A change affects only clocks that start afterwards.
calendar-years = Years
calendar-count = { $n ->
    [one] 1 day
   *[other] { $n } days
}
calendar-provisional = The notice for this year was not published yet
calendar-provisional-text = Only the statutory days themselves are listed. Once the State Council's notice is out, add the days off and the days that are worked instead.
calendar-day = Day
calendar-day-hint = For example 2027-02-09
calendar-day-missing = Choose a day
calendar-day-form = Write a day like 2027-02-09, with a year from 2020 to 2099
calendar-weekday = Day of the week
calendar-weekday-0 = Monday
calendar-weekday-1 = Tuesday
calendar-weekday-2 = Wednesday
calendar-weekday-3 = Thursday
calendar-weekday-4 = Friday
calendar-weekday-5 = Saturday
calendar-weekday-6 = Sunday
calendar-kind = What it is
calendar-kind-rest = Day off
calendar-kind-work = Working day
calendar-kind-missing = Choose whether people work on this day
calendar-name = Name
calendar-name-hint = For example Spring Festival
calendar-source = From
calendar-source-staff = Entered by the park
calendar-source-statutory = Statutory day
calendar-source-notice = State Council notice
calendar-action = Action
calendar-take-back = Take back
calendar-none = No days are listed for this year
calendar-add = Add or change a day
calendar-save = Save
calendar-saved = Saved
calendar-taken-back = Taken back; the day is as it was before
