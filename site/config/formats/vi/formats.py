"""What Django's Vietnamese formats leave out; the rest comes from Django.

Without input formats of its own, Vietnamese would fall back to month before day, and 02/11/2026
would silently become 11 February; without a grouping, numbers would show no thousands separator.
"""

# Django's begins with "Ngày": it would stand twice where a sentence says it, and in capitals.
DATE_FORMAT = r"j \t\h\á\n\g n \n\ă\m Y"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
FIRST_DAY_OF_WEEK = 1  # Monday

# Django adds the ISO forms (2030-12-31, 2030-12-31 14:30) to these by itself.
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"]
DATETIME_INPUT_FORMATS = ["%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d-%m-%Y %H:%M"]

NUMBER_GROUPING = 3
