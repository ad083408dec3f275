"""The decoders that may meet a file: what cameras, phones, platforms and desks write, and nothing exotic."""

# fmt: off
VIDEO_DECODERS = frozenset(
    ["av1", "cinepak", "dnxhd", "dvvideo", "ffv1", "ffvhuff", "flv", "gif", "h263", "h264", "hevc", "huffyuv",
     "libdav1d", "mjpeg", "mpeg1video", "mpeg2video", "mpeg4", "msmpeg4", "msmpeg4v1", "msmpeg4v2", "png",
     "prores", "qtrle", "rawvideo", "svq1", "svq3", "theora", "utvideo", "vc1", "vp6", "vp6a", "vp6f", "vp8",
     "vp9", "wmv1", "wmv2", "wmv3"]
)

AUDIO_DECODERS = frozenset(
    ["aac", "aac_latm", "ac3", "adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "adpcm_swf", "adpcm_yamaha", "alac",
     "amrnb", "amrwb", "dca", "eac3", "flac", "gsm", "gsm_ms", "libopus", "mp1", "mp1float", "mp2", "mp2float",
     "mp3", "mp3float", "nellymoser", "opus", "pcm_alaw", "pcm_dvd", "pcm_f32be", "pcm_f32le", "pcm_f64be",
     "pcm_f64le", "pcm_mulaw", "pcm_s16be", "pcm_s16le", "pcm_s24be", "pcm_s24le", "pcm_s32be", "pcm_s32le",
     "pcm_s8", "pcm_u8", "speex", "truehd", "vorbis", "wmalossless", "wmapro", "wmav1", "wmav2"]
)
# fmt: on
