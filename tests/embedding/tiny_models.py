"""A sentence model that a test can build: ten words, two axes, as a graph and a tokenizer in a folder."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

WORDS = ["[PAD]", "[CLS]", "[UNK]", "hive", "honey", "queen", "ice", "snow", "moraine", "word"]
# bees lie on the first axis, ice on the second
VECTORS = np.array(
    [[9, 9], [0, 0], [0.1, 0.1], [1, 0], [1, 0.1], [0.9, 0], [0, 1], [0.1, 1], [0, 0.9], [0.1, 0.1]], dtype=np.float32
)


def tiny_model(folder: Path, *, positions: int = 32, reads: int = 16) -> Path:
    """Write a model that reads `reads` tokens by its settings, and `positions` in fact."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = ["batch", "length"]
    ids, mask = (
        helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask")
    )
    found = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*shape, 2])
    weights = [
        numpy_helper.from_array(VECTORS, "words"),
        numpy_helper.from_array(np.zeros((positions, 2), dtype=np.float32), "positions"),
        numpy_helper.from_array(np.array(0, dtype=np.int64), "zero"),
        numpy_helper.from_array(np.array(1, dtype=np.int64), "one"),
    ]
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["of_words"]),
        helper.make_node("Shape", ["input_ids"], ["shape"]),
        helper.make_node("Gather", ["shape", "one"], ["length"]),
        helper.make_node("Range", ["zero", "length", "one"], ["places"]),
        helper.make_node("Gather", ["positions", "places"], ["of_places"]),
        helper.make_node("Add", ["of_words", "of_places"], ["last_hidden_state"]),
    ]
    graph = helper.make_graph(nodes, "tiny", [ids, mask], [found], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(folder / "model.onnx"))
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A", special_tokens=[("[CLS]", 1)])
    tokenizer.enable_truncation(max_length=4)
    tokenizer.enable_padding(length=8)
    tokenizer.save(str(folder / "tokenizer.json"))
    # a tokenizer cuts at what its maker set; the model's own settings say what it reads
    content = json.loads((folder / "tokenizer.json").read_text())
    content["truncation"] = None
    (folder / "tokenizer.json").write_text(json.dumps(content))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": reads}))
    return folder
