package demo

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"

	"parley"
	"parley/internal/blob"
	"parley/internal/store"
)

// Blobs keeps the bytes of attachments.
type Blobs interface {
	Put(ctx context.Context, key string, r io.Reader, limit int64) (int64, error)
}

// photoName is the file that a contact of the demo sends.
const photoName = "torn-bag.png"

// photo stores a picture as if the contact had uploaded it.
func (s *seeder) photo(ctx context.Context) (parley.Attachment, error) {
	data, err := drawTornBag()
	if err != nil {
		return parley.Attachment{}, err
	}
	now := s.past.Now().UTC()
	a := &store.StoredAttachment{
		Attachment:  parley.Attachment{ID: parley.NewID(now), Name: photoName, MIMEType: "image/png"},
		WorkspaceID: WorkspaceID, CreatedAt: now,
	}
	a.Key = blob.AttachmentKey(WorkspaceID, a.ID)
	if a.Size, err = s.Blobs.Put(ctx, a.Key, bytes.NewReader(data), int64(len(data))); err != nil {
		return a.Attachment, err
	}
	return a.Attachment, s.Store.CreateAttachment(ctx, a)
}

// drawTornBag draws a coffee bag with a tear, on a table, as PNG.
func drawTornBag() ([]byte, error) {
	const width, height = 480, 360
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	fill := func(r image.Rectangle, c color.RGBA) { draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src) }
	fill(img.Bounds(), color.RGBA{0xe9, 0xe3, 0xd8, 0xff})
	fill(image.Rect(0, 270, width, height), color.RGBA{0xb9, 0x8e, 0x63, 0xff}) // the table
	fill(image.Rect(150, 70, 330, 300), color.RGBA{0x3a, 0x2c, 0x25, 0xff})     // the bag
	fill(image.Rect(150, 70, 330, 92), color.RGBA{0x5a, 0x46, 0x3a, 0xff})      // its fold
	fill(image.Rect(185, 130, 295, 200), color.RGBA{0xf2, 0xc1, 0x4e, 0xff})    // its label
	for y := 205; y < 285; y++ {                                                // the tear, in zigzags
		x, w := 225+(y%16-8)*(1-2*(y/16%2)), 4+(y-205)/6
		fill(image.Rect(x, y, x+w, y+1), color.RGBA{0xe9, 0xe3, 0xd8, 0xff})
	}
	for i := range 24 { // beans on the table
		x, y := 210+i*37%170, 300+i*23%45
		fill(image.Rect(x, y, x+9, y+6), color.RGBA{0x4a, 0x2f, 0x20, 0xff})
		fill(image.Rect(x+4, y, x+5, y+6), color.RGBA{0x8a, 0x66, 0x4d, 0xff})
	}
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}
