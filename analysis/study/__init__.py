"""A study: a folder with study.toml, its stages in order, and what they left."""

from analysis.study.face import STAGE_NAMES as STAGE_NAMES
from analysis.study.face import Study as Study
